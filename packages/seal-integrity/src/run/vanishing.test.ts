// SPDX-License-Identifier: Apache-2.0
/** Tests of what is gone between being listed and being looked at. */
import { unlinkSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ANCHORINGS, failuresOf, testProject } from '../../test/project.js';

/** The work to do ahead of the first look at a name; done once. */
const plan = vi.hoisted(() => ({ name: '', act: undefined as (() => void) | undefined }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return {
    ...fs,
    lstatSync: (path: string | Buffer, options: { bigint: true; throwIfNoEntry: false }) => {
      const { act } = plan;
      if (act !== undefined && `/${path}`.endsWith(`/${plan.name}`)) {
        plan.act = undefined;
        act();
      }
      return fs.lstatSync(path, options);
    },
  };
});

describe.each(ANCHORINGS)(
  'with folders held by way of %s, what vanishes before it is looked at',
  (anchoring) => {
    const project = testProject(anchoring);
    const vanish = (path: string) => {
      project.write(path, 'x');
      plan.name = path.slice(path.lastIndexOf('/') + 1);
      plan.act = () => unlinkSync(project.at(path));
    };

    // Of process 1, which is always there, so that it counts as in use.
    it.each([
      'reports/.latticra-seal-cli-report.txt.1-0123456789ab.tmp',
      '.latticra.seal.lock.1-0123456789ab.tmp',
    ])('what vanishes before it is looked at is no loss where it is %s of another run', async (path) => {
      vanish(path);
      expect(failuresOf(await project.run())).toEqual([]);
      expect(plan.act).toBeUndefined();
      expect(project.has(path)).toBe(false);
    });

    it('a file that vanishes before it is looked at makes the walk incomplete', async () => {
      vanish('src/main.c');
      expect(failuresOf(await project.run())).toContain(
        'src/main.c: was removed while its folder was walked',
      );
    });
  },
);
