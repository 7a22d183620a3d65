// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ANCHORINGS, HASHES, REPORT, testProject, unsafe } from '../../test/project.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('a root', () => {
    it('a root that is not there, or is no folder, is refused', async () => {
      await expect(project.run('check', { root: project.at('nowhere') })).rejects.toThrow(
        unsafe(/^project root .*nowhere: no such file/),
      );
      await expect(project.run('check', { root: project.at('LICENSE') })).rejects.toThrow(
        unsafe(/expected a folder/),
      );
    });

    it('a root of a name that no report holds is refused, and so is one that stands for other bytes', async () => {
      // Node decodes the bytes of a path; what comes of those that are no UTF-8 is the name of this folder here.
      mkdirSync(project.at('../root-\ufffd'));
      for (const root of ['../a\nb', '../root-\ufffd']) {
        await expect(project.run('check', { root: project.at(root) })).rejects.toThrow(
          unsafe(/^project root .*: no report can name such a path$/),
        );
      }
      expect(project.list('../root-\ufffd')).toEqual([]);
    });

    it('a root is held in either way to the same evidence, and the report says in which', async () => {
      const cwd = process.cwd();
      project.write('a/b/c/d', 'x');
      expect((await project.run('check', { anchoring: 'procfs' })).status).toBe('PASS');
      const hashes = project.read(HASHES);
      expect((await project.run()).status).toBe('PASS');
      expect(process.cwd()).toBe(cwd);
      expect(project.read(HASHES)).toBe(hashes);
      const go = vi.spyOn(process, 'chdir');
      expect((await project.run('check', { mayChangeDirectory: false })).status).toBe('PASS');
      // Held as the working directory it goes about in any case.
      expect(go.mock.calls.length > 0).toBe(anchoring === 'cwd');
      go.mockRestore();
      expect(process.cwd()).toBe(cwd);
      expect(project.read(HASHES)).toBe(hashes);
      expect(project.read(REPORT)).toContain(`\npath_anchoring=${anchoring}\n`);
    });
  });
});
