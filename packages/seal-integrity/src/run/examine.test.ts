// SPDX-License-Identifier: Apache-2.0
import { chmodSync, linkSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MANIFEST } from '../../test/manifest.js';
import { ANCHORINGS, failuresOf, HASHES, LOCK, REPORT, testProject } from '../../test/project.js';

describe.each(ANCHORINGS)('with folders held by way of %s', (anchoring) => {
  const project = testProject(anchoring);

  describe('what policy denies', () => {
    const secret = ['-----BEGIN PRIV', 'ATE KEY-----'].join('');
    it.each<[string, () => void, string]>([
      ['a denied name', () => project.write('src/.env', 'x'), 'src/.env: is an environment file'],
      [
        'a name the manifest denies',
        () => project.write('src/a.pem', 'x'),
        'src/a.pem: matches policy.deny_filenames',
      ],
      ['a private key', () => project.write('src/k', secret), 'src/k: holds a private key'],
      [
        'a marker of the manifest',
        () => project.write('k', 'do-not-ship-this'),
        'k: holds marker 1 of policy.deny_contents',
      ],
      [
        'a marker at the very end',
        () => project.write('k', `${'x'.repeat(99)}do-not-ship-this`),
        'k: holds marker 1 of policy.deny_contents',
      ],
      [
        'a marker across two chunks',
        () => project.write('k', `${'x'.repeat((1 << 18) - 5)}do-not-ship-this${'x'.repeat(99)}`),
        'k: holds marker 1 of policy.deny_contents',
      ],
      [
        'a marker in a huge file',
        () =>
          project.write(
            'k',
            Buffer.concat([Buffer.alloc(70 << 20), Buffer.from('do-not-ship-this'), Buffer.alloc(9 << 20)]),
          ),
        'k: holds marker 1 of policy.deny_contents',
      ],
      [
        'a missing README',
        () => rmSync(project.at('README.md')),
        'README: no such file at the root, in the scope',
      ],
      [
        'a missing license',
        () => rmSync(project.at('LICENSE')),
        'LICENSE: no such file at the root, in the scope',
      ],
    ])('%s keeps the hash list from being written', async (_, make, reason) => {
      make();
      const outcome = await project.run();
      expect(failuresOf(outcome)).toContain(reason);
      expect(project.list('reports')).toEqual(['latticra-seal-cli-report.txt']);
    });

    it('what policy denies fails a verification, whatever the lockfile says', async () => {
      expect((await project.run('baseline')).status).toBe('PASS');
      project.declare({ denyContents: [['int ', 'main']] });
      expect(failuresOf(await project.run('verify'))).toContain(
        'src/main.c: holds marker 1 of policy.deny_contents',
      );
      expect(project.has(HASHES)).toBe(false);
    });

    it('a file that is only large passes, and is warned of', async () => {
      project.write('big', Buffer.alloc((25 << 20) + 1));
      const outcome = await project.run();
      expect(outcome.status).toBe('PASS');
      expect(outcome.lines).toContain('WARN: big: is larger than 25 MiB');
      expect(project.read(REPORT)).toContain('\nwarning_000001=big: is larger than 25 MiB\n');
    });
  });

  describe('required files', () => {
    it.each<[string, string, () => void, RegExp]>([
      [
        'missing',
        'NOTICE',
        () => undefined,
        /^NOTICE: is required, but is no regular file of one name in the scope; add it, or /,
      ],
      [
        'excluded by name',
        'a.log',
        () => project.write('a.log', 'x'),
        /^a\.log: is required, but a\.log is excluded/,
      ],
      [
        'excluded by folder',
        'node_modules/x',
        () => project.write('node_modules/x', 'x'),
        /^node_modules\/x: is required, but node_modules is excluded/,
      ],
      ['a folder', 'src', () => undefined, /^src: is required, but is no regular file/],
      [
        'hard-linked',
        'NOTICE',
        () => linkSync(project.write('../n', 'x'), project.at('NOTICE')),
        /^NOTICE: is required, but/,
      ],
      ['a link', 'NOTICE', () => symlinkSync('LICENSE', project.at('NOTICE')), /^NOTICE: is required, but/],
      [
        'an artifact',
        LOCK,
        () => project.write(LOCK, 'x'),
        /^latticra\.seal\.lock: is required, but is an artifact/,
      ],
      ['of another case', 'Readme.md', () => undefined, /^Readme\.md: is required, but/],
    ])('a required file that is %s fails the check', async (_, path, make, reason) => {
      project.declare({ requiredFiles: [...MANIFEST.requiredFiles, path] });
      make();
      expect(failuresOf(await project.run())).toContainEqual(expect.stringMatching(reason));
      expect(project.has(HASHES)).toBe(false);
    });
  });

  describe('the modes of files', () => {
    const modesOf = () => /\n\[modes\]\n([^[]*)\n\[/.exec(project.read(REPORT))?.[1]?.trimEnd().split('\n');
    const warnings = ({ lines }: { readonly lines: readonly string[] }) =>
      lines.filter((line) => line.startsWith('WARN: '));

    it('modes are listed where they let others do more, special ones first, with one warning a kind', async () => {
      for (const [name, mode] of Object.entries({ a: 0o664, b: 0o4755, c: 0o2644, d: 0o646, e: 0o1644 })) {
        chmodSync(project.write(`src/${name}`, name), mode);
      }
      project.write('a.log', 'excluded');
      chmodSync(project.at('a.log'), 0o4777);
      const outcome = await project.run();
      expect(outcome.status).toBe('PASS');
      expect(modesOf()).toEqual([
        'special_files=3',
        'writable_files=2',
        'mode_000001=4755 src/b',
        'mode_000002=2644 src/c',
        'mode_000003=1644 src/e',
        'mode_000004=0664 src/a',
        'mode_000005=0646 src/d',
      ]);
      const see = 'no baseline holds modes, see [modes] of the report';
      expect(warnings(outcome)).toEqual([
        `WARN: 3 files are setuid, setgid or sticky, as src/b (4755); ${see}`,
        `WARN: 2 files are open to be written by their group or everybody, as src/a (0664); ${see}`,
      ]);
      expect((await project.readBack('report')).toString()).toBe(project.read(REPORT));
    });

    it('the modes of a hundred files are listed, and the others are counted', async () => {
      for (let index = 0; index < 120; index++) chmodSync(project.write(`a/${1000 + index}`, 'x'), 0o666);
      chmodSync(project.write('z', 'x'), 0o4755);
      await project.run();
      const modes = modesOf();
      expect(modes?.slice(0, 3)).toEqual(['special_files=1', 'writable_files=120', 'mode_000001=4755 z']);
      expect(modes?.slice(-2)).toEqual(['mode_000100=0666 a/1098', 'mode_not_listed=21']);
      expect((await project.readBack('report')).toString()).toBe(project.read(REPORT));
    });

    it('modes are not compared with the baseline, and are unknown where nobody could look', async () => {
      expect(warnings(await project.run('baseline'))).toEqual([]);
      expect(modesOf()).toEqual(['special_files=0', 'writable_files=0']);
      chmodSync(project.at('src/main.c'), 0o755);
      expect((await project.run('verify')).status).toBe('PASS');
      project.write('latticra.seal', 'nonsense');
      await project.run();
      expect(modesOf()).toEqual(['special_files=unknown', 'writable_files=unknown']);
      expect(project.read(REPORT)).toContain('\ntemporaries_left_out=unknown\n');
    });
  });

  it('a manifest that leaves itself out is warned of: no baseline could tell that it was weakened', async () => {
    expect((await project.run()).lines.filter((line) => line.startsWith('WARN: '))).toEqual([]);
    project.declare({ exclude: [...MANIFEST.exclude, '*.seal'] });
    const { status, lines } = await project.run();
    expect(status).toBe('PASS');
    expect(lines).toContain(
      'WARN: latticra.seal: is excluded from the scope; leave it in, or no baseline tells when it was changed',
    );
  });
});
