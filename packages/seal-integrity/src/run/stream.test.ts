// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MALFORMED_LISTS } from '../../test/lists.js';
import { ANCHORINGS, HASHES, REPORT, testProject } from '../../test/project.js';
import { itWithUnexpectedFiles, layTarget } from '../../test/unexpected-files.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('an artifact that is read back', () => {
    it('an artifact that is read back has its very bytes', async () => {
      await project.run();
      expect((await project.readBack('report')).toString()).toBe(project.read(REPORT));
      expect((await project.readBack('hashList')).toString()).toBe(project.read(HASHES));
    });

    it('reading an artifact back makes no folder where there is none', async () => {
      for (const which of ['report', 'hashList'] as const) {
        await expect(project.readBack(which)).rejects.toThrow(
          expect.objectContaining({ code: 'artifact', fix: 'run latticra-seal check' }),
        );
        expect(project.has('reports')).toBe(false);
      }
    });

    itWithUnexpectedFiles('%s in place of an artifact is not read back', async (put) => {
      await project.run();
      const good = { report: project.read(REPORT), hashList: project.read(HASHES) };
      for (const [which, path] of [
        ['report', REPORT],
        ['hashList', HASHES],
      ] as const) {
        rmSync(project.at(path));
        await put(project.at(path), layTarget(project.target, good[which]));
        await expect(project.readBack(which)).rejects.toThrow(/^reports\/.*: (is|has) /);
        rmSync(project.at(path), { recursive: true });
      }
    });

    it.each(MALFORMED_LISTS)('a hash list with %s is not read back', async (_, text, reason) => {
      project.write(HASHES, text);
      await expect(project.readBack('hashList')).rejects.toThrow(
        expect.objectContaining({ code: 'artifact', message: expect.stringMatching(reason) }),
      );
    });

    it.each<[string, (text: string) => string, RegExp]>([
      ['is empty', () => '', /report\.txt: /],
      ['was cut off', (text) => text.slice(0, -3), /does not end in LF/],
      ['holds NUL', (text) => text.replace('mode=', 'mode=\0'), /report\.txt: /],
      ['has CRLF', (text) => text.replaceAll('\n', '\r\n'), /report\.txt: /],
      ['says two things', (text) => text.replace('status=', 'status=PASS\nstatus='), /status/],
      [
        'is another document',
        () => 'LATTICRA SEAL MANIFEST\nstatus=PASS\n',
        /expected the title LATTICRA SEAL/,
      ],
      [
        'has lost a field',
        (text) => text.replace(/^warnings=.*\n/m, ''),
        /expected the fields timestamp_utc, /,
      ],
      [
        'ends with a section',
        (text) => text.slice(0, text.indexOf('\n[run]')),
        /expected the sections checks, /,
      ],
      [
        'ends in a section',
        (text) => text.replace(/^path_anchoring=.*\n/m, ''),
        /\[run\]: expected command, /,
      ],
      ['has lost a check', (text) => text.replace(/^scope=.*\n/m, ''), /\[checks\]: expected /],
      ['tells no status', (text) => text.replace('status=PASS', 'status=MAYBE'), /status: expected PASS or/],
    ])('a report that %s is not read back', async (_, spoil, reason) => {
      await project.run();
      project.write(REPORT, spoil(project.read(REPORT)));
      await expect(project.readBack('report')).rejects.toThrow(
        expect.objectContaining({ code: 'artifact', message: expect.stringMatching(reason) }),
      );
    });
  });
});
