// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { OLD_LIST } from '../../test/lists.js';
import {
  ANCHORINGS,
  atFirstBytes,
  failuresOf,
  HASHES,
  LOCK,
  REPORT,
  testProject,
  unsafe,
} from '../../test/project.js';
import { expectTarget, itWithUnexpectedFiles, layTarget } from '../../test/unexpected-files.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('the report folder', () => {
    const expectRefusal = async (make: () => void, message: RegExp) => {
      make();
      for (const command of ['check', 'baseline', 'verify'] as const) {
        await expect(project.run(command)).rejects.toThrow(unsafe(message));
      }
      for (const which of ['report', 'hashList'] as const) {
        await expect(project.readBack(which)).rejects.toThrow(unsafe(message));
      }
      expect(project.list('').filter((name) => name !== 'reports')).toEqual([
        'LICENSE',
        'README.md',
        'latticra.seal',
        'src',
      ]);
      if (project.list('..').includes('elsewhere')) expect(project.list('../elsewhere')).toEqual([]);
    };
    it.each<[string, () => void, RegExp]>([
      [
        'that is a link to a folder',
        () => {
          mkdirSync(project.at('../elsewhere'));
          symlinkSync('../elsewhere', project.at('reports'));
        },
        /^reports: is a symbolic link, expected a folder$/,
      ],
      [
        'that is a file',
        () => project.write('reports', 'x'),
        /^reports: is a regular file, expected a folder$/,
      ],
      [
        'that its group may write to',
        () => {
          mkdirSync(project.at('reports'));
          chmodSync(project.at('reports'), 0o775);
        },
        /^reports: its group or everybody may write in it \(0775\)$/,
      ],
      [
        'that everybody may write to',
        () => {
          mkdirSync(project.at('reports'));
          chmodSync(project.at('reports'), 0o1757);
        },
        /^reports: its group or everybody may write in it \(1757\)$/,
      ],
    ])('a report folder %s is refused before anything is written', (_, make, message) =>
      expectRefusal(make, message),
    );
    it('a report folder that belongs to another user is refused before anything is written', async () => {
      const user = process.geteuid?.() ?? 0;
      const geteuid = vi.spyOn(process, 'geteuid').mockReturnValue(user + 1);
      try {
        await expectRefusal(
          () => mkdirSync(project.at('reports'), { mode: 0o755 }),
          new RegExp(`^reports: belongs to another user \\(${user}, expected ${user + 1}\\)$`),
        );
      } finally {
        geteuid.mockRestore();
      }
    });
    itWith(['mkfifo'], 'a report folder that is a FIFO is refused before anything is written', () =>
      expectRefusal(
        () => void execFileSync('mkfifo', [project.at('reports')]),
        /^reports: is a FIFO, expected a folder$/,
      ),
    );

    it("a report folder that a run makes is nobody else's to write to, whatever the umask", async () => {
      const before = process.umask(0);
      try {
        await project.run();
      } finally {
        process.umask(before);
      }
      expect(statSync(project.at('reports')).mode & 0o777).toBe(0o755);
      expect(statSync(project.at(REPORT)).mode & 0o777).toBe(0o644);
    });

    it.each<[string, () => void]>([
      ['a link', () => symlinkSync('../elsewhere', project.at('reports'))],
      ['another folder', () => renameSync(project.at('../elsewhere'), project.at('reports'))],
      ['a file', () => project.write('reports', 'x')],
      ['nothing', () => undefined],
    ])(
      'a report folder swapped for %s during the run redirects nothing, and nothing passes',
      async (_, put) => {
        mkdirSync(project.at('reports'), { mode: 0o755 });
        mkdirSync(project.at('../elsewhere'));
        for (const command of ['check', 'baseline'] as const) {
          const swapped = project.run(
            command,
            atFirstBytes(() => {
              renameSync(project.at('reports'), project.at('../held'));
              put();
            }),
          );
          // A folder that is not held may also turn out to lead nowhere.
          const reason = anchoring === 'none' ? /^reports/ : /^reports: is no longer where it was$/;
          await expect(swapped).rejects.toThrow(unsafe(reason));
          for (const folder of ['../elsewhere', 'reports', '../held']) {
            if (project.has(folder) && statSync(project.at(folder)).isDirectory())
              expect(project.list(folder), folder).toEqual([]);
          }
          expect(project.has(LOCK)).toBe(false);
          rmSync(project.at('reports'), { recursive: true, force: true });
          renameSync(project.at('../held'), project.at('reports'));
          mkdirSync(project.at('../elsewhere'), { recursive: true });
        }
      },
    );

    it('a report folder made writable to others during the run holds nothing that passes', async () => {
      const outcome = project.run(
        'check',
        atFirstBytes(() => chmodSync(project.at('reports'), 0o777)),
      );
      await expect(outcome).rejects.toThrow(unsafe(/^reports: its group or everybody may write in it/));
      expect(project.has(HASHES)).toBe(false);
    });
  });

  describe('what an earlier run left', () => {
    it.each<['check' | 'verify', () => void]>([
      ['check', () => project.write('latticra.seal', 'nonsense')],
      ['verify', () => project.write('latticra.seal', 'nonsense')],
      ['verify', () => project.write(LOCK, 'nonsense')],
      ['verify', () => undefined],
    ])(
      '%s clears a stale hash list before the gates, so that an early failure leaves none',
      async (command, spoil) => {
        project.write(HASHES, OLD_LIST);
        spoil();
        expect((await project.run(command)).status).toBe('FAIL');
        expect(project.has(HASHES)).toBe(false);
      },
    );

    it('temporaries of processes that are gone are cleared, but not those of others', async () => {
      const gone = [
        'reports/.latticra-seal-cli-report.txt',
        'reports/.latticra-seal-cli-hashes.txt',
        `.${LOCK}`,
      ].map((stem) => `${stem}.999999999-0123456789ab.tmp`);
      const alive = 'reports/.latticra-seal-cli-hashes.txt.1-0123456789ab.tmp';
      for (const name of gone) project.write(name, 'x');
      project.write(alive, 'x');
      expect((await project.run()).status).toBe('PASS');
      expect(gone.filter(project.has)).toEqual([]);
      expect(project.has(alive)).toBe(true);
    });

    itWithUnexpectedFiles('%s in place of a stale hash list is refused', async (put) => {
      mkdirSync(project.at('reports'), { mode: 0o755 });
      await put(project.at(HASHES), layTarget(project.target));
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([
        expect.stringMatching(/^reports\/latticra-seal-cli-hashes\.txt: (is|has) /),
      ]);
      expectTarget(project.target);
      expect(project.read(REPORT)).toContain('\nhash_list=none\n');
    });

    describe.each([HASHES, REPORT, LOCK])('a temporary for %s', (path) => {
      const [folder = '', name = ''] = path.includes('/') ? path.split('/') : ['', path];
      itWithUnexpectedFiles('%s in place of a temporary is refused', async (put) => {
        const temporary = join(folder, `.${name}.999999999-0123456789ab.tmp`);
        mkdirSync(project.at('reports'), { mode: 0o755 });
        await put(project.at(temporary), layTarget(project.target));
        const before = lstatSync(project.at(temporary)).ino;
        const outcome = await project.run();
        expect(failuresOf(outcome)[0]?.startsWith(`${temporary}: `)).toBe(true);
        expect(failuresOf(outcome)[0]).toMatch(/: (is|has) /);
        expect(project.has(HASHES)).toBe(false);
        expectTarget(project.target);
        expect(lstatSync(project.at(temporary)).ino).toBe(before);
      });
    });
  });
});
