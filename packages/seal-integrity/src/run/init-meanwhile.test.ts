// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { MANIFEST } from '../../test/manifest.js';
import { testProject } from '../../test/project.js';
import { initManifest } from '../index.js';

/** The work of somebody else while init goes through the project. */
const meanwhile = vi.hoisted(() => ({ act: () => {} }));
vi.mock('./survey.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('./survey.js')>();
  return {
    surveyProject: (...args: Parameters<typeof original.surveyProject>) => {
      meanwhile.act();
      return original.surveyProject(...args);
    },
  };
});

const project = testProject();

it('init does not replace a manifest that somebody wrote meanwhile', async () => {
  rmSync(project.at('latticra.seal'));
  meanwhile.act = () => project.write('latticra.seal', 'theirs');
  await expect(initManifest(MANIFEST.project, { root: project.path })).rejects.toMatchObject({
    code: 'exists',
  });
  expect(project.read('latticra.seal')).toBe('theirs');
  expect(project.list('')).toEqual(['LICENSE', 'README.md', 'latticra.seal', 'src']);
});
