// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MALFORMED_LISTS, OLD_LIST } from '../../test/lists.js';
import {
  ANCHORINGS,
  atFirstBytes,
  failuresOf,
  HASHES,
  LOCK,
  REPORT,
  testProject,
} from '../../test/project.js';
import { expectTarget, itWithUnexpectedFiles, layTarget } from '../../test/unexpected-files.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('the lockfile', () => {
    it('the lockfile is an exact copy of the hash list, and holds against the same files', async () => {
      expect((await project.run('baseline')).status).toBe('PASS');
      expect(project.read(LOCK)).toBe(project.read(HASHES));
      expect((await project.run('verify')).status).toBe('PASS');
      expect(project.read(REPORT)).toContain('\nhashes_changed=0\n');
    });

    it('the lockfile is not made of a check that fails', async () => {
      project.write('.env', 'x');
      expect((await project.run('baseline')).status).toBe('FAIL');
      expect(project.has(LOCK)).toBe(false);
    });

    itWithUnexpectedFiles('the lockfile is neither written over %s nor read through it', async (put) => {
      await put(project.at(LOCK), layTarget(project.target, OLD_LIST));
      for (const command of ['baseline', 'verify'] as const) {
        const outcome = await project.run(command);
        expect(failuresOf(outcome).join('\n')).toMatch(/^latticra\.seal\.lock: (is|has) /m);
      }
      expectTarget(project.target, OLD_LIST);
    });

    it.each(MALFORMED_LISTS)('a lockfile with %s is refused', async (_, text, reason) => {
      project.write(HASHES, OLD_LIST);
      project.write(LOCK, text);
      const outcome = await project.run('verify');
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(reason)]);
      expect(failuresOf(outcome)[0]).toMatch(/^latticra\.seal\.lock: /);
      expect(project.has(HASHES)).toBe(false);
    });

    it('a lockfile replaced during the run does not change what is compared with', async () => {
      await project.run('baseline');
      project.write('src/new.c', 'x');
      await project.run('check');
      const other = project.read(HASHES);
      const outcome = await project.run(
        'verify',
        atFirstBytes(() => {
          rmSync(project.at(LOCK));
          project.write(LOCK, other);
        }),
      );
      expect(outcome.lines).toContain('ADDED: src/new.c');
      expect(outcome.status).toBe('FAIL');
    });
  });
});
