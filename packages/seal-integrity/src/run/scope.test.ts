// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { itWith, missingTools } from '../../../../tools/testing/tools.js';
import { ANCHORINGS, atFirstBytes, failuresOf, HASHES, REPORT, testProject } from '../../test/project.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  /** Runs a check that must fail with these reasons, and must not leave a hash list. */
  async function expectFailures(...reasons: (string | RegExp)[]) {
    const outcome = await project.run();
    const failures = failuresOf(outcome);
    for (const reason of reasons) expect(failures).toContainEqual(expect.stringMatching(reason));
    expect(failures).toHaveLength(reasons.length);
    expect(outcome.status).toBe('FAIL');
    expect(outcome.lines.at(-1)).toBe('STATUS: FAIL');
    expect(project.has(HASHES)).toBe(false);
    expect(project.read(REPORT)).toContain('\nstatus=FAIL\n');
    expect(project.read(REPORT)).toContain('\nhash_list=none\n');
  }

  describe('the walk refuses what is neither a folder nor a regular file of one name, before a hash list is written', () => {
    it('the walk refuses symbolic links to files, to folders and to nothing', async () => {
      symlinkSync('README.md', project.at('file'));
      symlinkSync('src', project.at('folder'));
      symlinkSync('/nonexistent', project.at('src/nothing'));
      const reason = 'is a symbolic link, expected a regular file or a folder';
      await expectFailures(`file: ${reason}`, `folder: ${reason}`, `src/nothing: ${reason}`);
    });

    it('the walk refuses hard links to files inside and outside', async () => {
      linkSync(project.at('README.md'), project.at('src/other'));
      const outside = project.write('../outside', 'x');
      linkSync(outside, project.at('src/third'));
      const reason = /has 2 names \(hard links\), expected one/;
      const outcome = await project.run();
      const failures = failuresOf(outcome).filter((text) => reason.test(text));
      expect(failures.map((text) => text.split(':', 1)[0]).sort()).toEqual([
        'README.md',
        'src/other',
        'src/third',
      ]);
      expect(project.has(HASHES)).toBe(false);
    });

    itWith(['mkfifo'], 'the walk refuses FIFOs, without waiting for a writer', async () => {
      execFileSync('mkfifo', [project.at('src/pipe')]);
      await expectFailures('src/pipe: is a FIFO, expected');
    });

    it('the walk refuses sockets', async () => {
      const server = createServer();
      const path = project.at('s');
      await new Promise<void>((resolve) => server.listen(path, resolve));
      try {
        await expectFailures('s: is a socket, expected');
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });

    const isRoot = process.getuid?.() === 0;
    it.skipIf(!isRoot || missingTools(['mknod']).length > 0)(
      'the walk refuses devices (as root, who can make one)',
      async () => {
        execFileSync('mknod', [project.at('src/null'), 'c', '1', '3']);
        await expectFailures('src/null: is a device, expected');
      },
    );

    it('the walk refuses nothing that is excluded', async () => {
      project.declare({ exclude: ['reports/latticra-seal-*', 'folder', 'src/nothing'] });
      symlinkSync('src', project.at('folder'));
      symlinkSync('/nonexistent', project.at('src/nothing'));
      expect((await project.run()).status).toBe('PASS');
      // A pattern for folders is not one for links to folders.
      project.declare({ exclude: ['folder/', 'src/nothing'] });
      await expectFailures('folder: is a symbolic link');
    });
  });

  describe('names in the scope', () => {
    it.each<[string, Buffer, RegExp]>([
      ['a control character', Buffer.from('a\nb'), /'a\\x0ab': holds a control character/],
      ['an escape', Buffer.from('a\u001b[2Jb'), /'a\\x1b\[2Jb': holds a control character/],
      ['a backslash', Buffer.from('a\\b'), /'a\\x5cb': holds a control character, a backslash/],
      ['a byte that is not UTF-8', Buffer.from([0x61, 0xff]), /'a\\xff': is not UTF-8/],
      ['a line separator', Buffer.from('a\u2028b'), /holds a control character/],
      ['a zero width space', Buffer.from('a\u200bb'), /holds a control or invisible character/],
    ])('a name in the scope that holds %s is refused', async (_, name, reason) => {
      writeFileSync(Buffer.concat([Buffer.from(project.at('src/')), name]), 'x');
      await expectFailures(reason);
    });

    it('a path in the scope too long to be opened by its name is refused', async () => {
      // Made one name at a time, as only that way it can be, and taken away likewise.
      const names = Array.from({ length: 18 }, () => 'n'.repeat(250));
      const before = process.cwd();
      try {
        process.chdir(project.at('src'));
        for (const name of names) {
          mkdirSync(name);
          process.chdir(name);
        }
        writeFileSync('f'.repeat(250), 'x');
        process.chdir(before);
        const outcome = await project.run();
        // By plain paths the system says it first: they begin with the path of the project.
        const tooLong = anchoring === 'none' ? /name too long/ : /is longer than 4095 bytes/;
        expect(failuresOf(outcome)).toEqual([expect.stringMatching(tooLong)]);
        expect(outcome.status).toBe('FAIL');
        process.chdir(project.at('src'));
        for (const name of names) process.chdir(name);
        rmSync('f'.repeat(250));
        for (const name of names) {
          process.chdir('..');
          rmdirSync(name);
        }
      } finally {
        process.chdir(before);
      }
    });

    it('a name in the scope may hold any other character, and names are listed in byte order of UTF-8', async () => {
      for (const name of ['😀', '～', 'é', 'a b', '-', '"', '$HOME']) project.write(`src/${name}`, name);
      expect((await project.run()).status).toBe('PASS');
      const paths = project
        .read(HASHES)
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(66));
      expect(paths).toEqual([...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      expect(paths.indexOf('src/～')).toBeLessThan(paths.indexOf('src/😀'));
    });
  });

  describe('what moves while it is walked', () => {
    /** Runs a check that is disturbed while the walk is in the root. */
    const disturbed = (disturb: () => void) => project.run('check', atFirstBytes(disturb));
    const big = 'x'.repeat(1 << 20);

    it('the walk is incomplete where a file grows, shrinks or is written in place', async () => {
      for (const [content, reason] of [
        [`${big}more`, /^!aaa: /],
        ['less', /^!aaa: /],
        [`${big.slice(1)}y`, /^!aaa: changed while it was being read/],
      ] as const) {
        project.write('!aaa', big);
        const outcome = await disturbed(() => writeFileSync(project.at('!aaa'), content));
        expect(failuresOf(outcome)).toEqual([expect.stringMatching(reason)]);
        expect(project.has(HASHES)).toBe(false);
      }
    });

    it('the walk is incomplete where another file takes the place of one before it is read', async () => {
      project.write('.aaa', big);
      const other = project.write('../other', 'other');
      const outcome = await disturbed(() => renameSync(other, project.at('README.md')));
      expect(failuresOf(outcome)).toContainEqual(
        'README.md: was replaced after it had been looked at; let whatever changes it finish, then run this again',
      );
      expect(outcome.status).toBe('FAIL');
    });

    it('the walk is incomplete where a link takes the place of a file before it is read', async () => {
      project.write('.aaa', big);
      const outcome = await disturbed(() => {
        rmSync(project.at('README.md'));
        symlinkSync('/etc/hostname', project.at('README.md'));
      });
      expect(failuresOf(outcome)).toContainEqual(expect.stringMatching(/^README\.md: was replaced/));
    });

    it('the walk is incomplete where a folder is moved, deleted or changed while its files are read', async () => {
      for (const [what, disturb] of [
        ['moved', () => renameSync(project.at('dir'), project.at('../elsewhere'))],
        ['deleted', () => rmSync(project.at('dir'), { recursive: true })],
        ['added to', () => project.write('dir/new', 'x')],
      ] as const) {
        project.write('dir/aaa', big);
        let seen = 0;
        const outcome = await project.run('check', {
          onBytes: (count) => {
            // The large file is the one in the folder.
            if (count === 1 << 18 && ++seen === 1) disturb();
          },
        });
        expect(failuresOf(outcome).join('\n'), what).toMatch(/^dir(\/aaa)?: /m);
        expect(outcome.status).toBe('FAIL');
        expect(project.has(HASHES)).toBe(false);
        rmSync(project.at('dir'), { recursive: true, force: true });
        rmSync(project.at('../elsewhere'), { recursive: true, force: true });
      }
    });

    it('the walk is incomplete where another folder, or a link, takes the place of one before it is gone into', async () => {
      // Enough files to be read behind the first look at the folder and before the walk goes into it.
      for (let index = 0; index < 300; index++) project.write(`file-${index}`, 'x');
      for (const [what, put] of [
        ['folder', () => mkdirSync(project.at('!dir'))],
        ['link', () => symlinkSync('/etc', project.at('!dir'))],
      ] as const) {
        project.write('!dir/x', 'x');
        const outcome = await disturbed(() => {
          renameSync(project.at('!dir'), project.at('../dir'));
          put();
        });
        expect(failuresOf(outcome), what).toContainEqual(
          expect.stringMatching(/^!dir: was replaced after it had been looked at/),
        );
        expect(project.has(HASHES)).toBe(false);
        rmSync(project.at('!dir'), { recursive: true });
        rmSync(project.at('../dir'), { recursive: true });
      }
    });

    it('the check fails where another manifest takes the place of the one that was read', async () => {
      project.write('.aaa', big);
      const outcome = await disturbed(() => project.declare({ exclude: [] }));
      expect(failuresOf(outcome)).toContain('latticra.seal: was replaced after it had been read');
      expect(outcome.status).toBe('FAIL');
      expect(project.has(HASHES)).toBe(false);
    });
  });

  describe('the artifacts of Seal', () => {
    it('artifacts of Seal are no evidence, even where the manifest excludes none or another run writes them', async () => {
      project.declare({ exclude: [] });
      for (const name of [
        'latticra.seal.lock',
        'reports/latticra-seal-report.txt',
        'reports/latticra-seal-file-hashes.txt',
        `reports/.latticra-seal-cli-report.txt.${process.pid}-0123456789ab.tmp`,
        // Of the legacy lane.
        `reports/.latticra-seal-report.txt.${process.pid}-0123456789ab.tmp`,
        `reports/.latticra-seal-file-hashes.txt.${process.pid}-0123456789ab.tmp`,
      ]) {
        project.write(name, 'x');
      }
      expect((await project.run()).status).toBe('PASS');
      expect((await project.run()).status).toBe('PASS');
      expect(project.read(HASHES)).not.toMatch(/reports|lock/);
      project.write('reports/notes.txt', 'x');
      expect((await project.run()).status).toBe('PASS');
      expect(project.read(HASHES)).toContain('  reports/notes.txt\n');
    });

    it('anything but a file of one name in place of an artifact of Seal is refused, whatever is excluded', async () => {
      symlinkSync('README.md', project.at('latticra.seal.lock'));
      const temporary = 'reports/.latticra-seal-cli-report.txt.1-0123456789ab.tmp';
      project.write(`${temporary}/payload`, 'x');
      project.write('reports/latticra-seal-report.txt/payload', 'x');
      linkSync(project.write('../outside', 'x'), project.at('reports/latticra-seal-file-hashes.txt'));
      for (const exclude of [[], ['reports/latticra-seal-*', 'reports/.latticra-seal-*', '*.lock']]) {
        project.declare({ exclude });
        const outcome = await project.run();
        expect(failuresOf(outcome).sort()).toEqual([
          'latticra.seal.lock: is a symbolic link, expected a regular file; remove it',
          `${temporary}: is a folder, expected a regular file; remove it`,
          'reports/latticra-seal-file-hashes.txt: has 2 names (hard links), expected one; remove it',
          'reports/latticra-seal-report.txt: is a folder, expected a regular file; remove it',
        ]);
        expect(project.has(HASHES)).toBe(false);
      }
    });

    it('a file that is named like a temporary of Seal is left out, counted and warned of', async () => {
      const stem = '.latticra-seal-cli-report.txt';
      const temporaries = ['.latticra.seal.lock.1-0123456789ab.tmp', `reports/${stem}.1-0123456789ab.tmp`];
      const others = [
        `reports/${stem}.0-0123456789ab.tmp`,
        `reports/${stem}.1-0123456789aB.tmp`,
        `reports/${stem}.1-0123456789ab.tmp.sh`,
        `src/${stem}.1-0123456789ab.tmp`,
        '.latticra.seal.1-0123456789ab.tmp',
      ];
      for (const path of [...temporaries, ...others]) project.write(path, 'x');
      const { status, lines } = await project.run();
      expect(status).toBe('PASS');
      expect(lines.filter((line) => line.startsWith('WARN: '))).toEqual(
        temporaries.map((path) =>
          expect.stringMatching(`^WARN: ${path}: is named like a temporary of Seal, and left out; `),
        ),
      );
      expect(project.read(REPORT)).toContain('\ntemporaries_left_out=2\n');
      for (const path of others) expect(project.read(HASHES)).toContain(`  ${path}\n`);
    });
  });
});
