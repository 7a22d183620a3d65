// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OLD_LIST } from '../../test/lists.js';
import { ANCHORINGS, failuresOf, HASHES, REPORT, testProject } from '../../test/project.js';
import { itWithUnexpectedFiles, layTarget } from '../../test/unexpected-files.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('the manifest', () => {
    itWithUnexpectedFiles('%s in place of the manifest is refused', async (put) => {
      // What a link leads to would do very well.
      layTarget(project.target, project.read('latticra.seal'));
      rmSync(project.at('latticra.seal'));
      await put(project.at('latticra.seal'), project.target);
      project.write(HASHES, OLD_LIST);
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(/^latticra\.seal: (is|has) /)]);
      expect(project.has(HASHES)).toBe(false);
      expect(project.read(REPORT)).toContain('\nmanifest_sha256=none\n');
      expect(project.read(REPORT)).toContain('\nscope=skipped\n');
    });

    it('a missing manifest fails the check', async () => {
      rmSync(project.at('latticra.seal'));
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(/^latticra\.seal: no such file/)]);
      expect(project.read(REPORT)).toContain('\nmanifest_present=0\n');
    });

    it('a manifest with a NUL byte, behind which a parser might have stopped, is refused', async () => {
      appendFileSync(project.at('latticra.seal'), '\0[extra]\n');
      expect(failuresOf(await project.run())).toEqual([
        expect.stringMatching(/^latticra\.seal: NUL byte at offset/),
      ]);
    });

    it('the digest of the manifest in the report is of the bytes that were parsed', async () => {
      await project.run();
      const sha256 = createHash('sha256').update(project.read('latticra.seal')).digest('hex');
      expect(project.read(REPORT)).toContain(`\nmanifest_sha256=sha256:${sha256}\n`);
    });

    it('a manifest of another project than was expected fails the check', async () => {
      expect((await project.run('check', { expectId: 'demo' })).status).toBe('PASS');
      const outcome = await project.run('check', { expectId: 'latticra' });
      expect(failuresOf(outcome)).toEqual(['latticra.seal: project.id: expected "latticra", found "demo"']);
      expect(project.has(HASHES)).toBe(false);
    });
  });
});
