// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST } from '../../test/manifest.js';
import { HASHES, testProject } from '../../test/project.js';
import { initManifest, parseManifest } from '../index.js';

const project = testProject();
beforeEach(() => rmSync(project.at('latticra.seal')));
const init = () => initManifest(MANIFEST.project, { root: project.path });

describe('the manifest that init writes', () => {
  it('passes a check at once, with excludes that fit the folder', async () => {
    for (const name of ['build/out.o', 'src/build/plan.c', 'node_modules/a/index.js', '.git/HEAD'])
      project.write(name, 'x');
    symlinkSync('main.c', project.at('src/link'));
    symlinkSync('/nonexistent', project.at('build/link'));
    const manifest = await init();
    expect(parseManifest(Buffer.from(project.read('latticra.seal')))).toEqual(manifest);
    expect(manifest.exclude).toEqual([
      '.git/',
      'node_modules/',
      '__pycache__/',
      'reports/latticra-seal-*',
      'build/*',
      'src/link',
    ]);
    expect((await project.run('check', { expectId: 'demo' })).status).toBe('PASS');
    expect(project.read(HASHES)).toContain('  src/build/plan.c\n');
    expect(project.read(HASHES)).not.toMatch(/out\.o|node_modules|HEAD|link/);
  });

  it('leaves the file out that .git is in a worktree', async () => {
    project.write('.git', 'gitdir: /elsewhere\n');
    expect((await init()).exclude).toContain('.git');
    expect((await project.run()).status).toBe('PASS');
    expect(project.read(HASHES)).not.toContain('.git');
  });

  it('replaces none, and is none where a README or license is missing', async () => {
    await init();
    await expect(init()).rejects.toThrow(expect.objectContaining({ code: 'exists' }));
    rmSync(project.at('latticra.seal'));
    rmSync(project.at('LICENSE'));
    await expect(init()).rejects.toThrow('LICENSE: no such file at the root');
    mkdirSync(project.at('LICENSES'));
    writeFileSync(project.at('COPYING'), 'GPL\n');
    expect((await init()).requiredFiles).toEqual(['README.md', 'COPYING', 'latticra.seal']);
  });

  it('is not written with an identity that it could not hold', async () => {
    for (const name of ['', 'a"b', 'a\\b', 'a\nb', '\u0007']) {
      await expect(initManifest({ ...MANIFEST.project, name }, { root: project.path })).rejects.toThrow(
        expect.objectContaining({ code: 'manifest' }),
      );
    }
    expect(project.has('latticra.seal')).toBe(false);
  });
});
