// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { itWithIntruders, layTarget } from '../../test/intruders.js';
import { MALFORMED_LISTS } from '../../test/lists.js';
import { MANIFEST } from '../../test/manifest.js';
import {
  ANCHORINGS,
  atFirstBytes,
  failuresOf,
  HASHES,
  LOCK,
  REPORT,
  testProject,
} from '../../test/project.js';

describe.each(ANCHORINGS)('with folders held by way of %s,', (anchoring) => {
  const project = testProject(anchoring);
  const target = () => project.at('../target');
  /** Nothing was written through a link. */
  const expectTarget = (content = 'target') => expect(readFileSync(target(), 'utf8')).toBe(content);
  const unsafe = (message: string | RegExp) =>
    expect.objectContaining({ name: 'SealError', code: 'unsafe', message: expect.stringMatching(message) });
  const OLD = `${'0'.repeat(64)}  old\n`;

  describe('the report folder is refused before anything is written', () => {
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
    ])('%s', (_, make, message) => expectRefusal(make, message));
    itWith(['mkfifo'], 'that is a FIFO', () =>
      expectRefusal(
        () => void execFileSync('mkfifo', [project.at('reports')]),
        /^reports: is a FIFO, expected a folder$/,
      ),
    );

    it("and one that is made is nobody else's to write to, whatever the umask", async () => {
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
    ])('and swapped for %s during the run it redirects nothing, and nothing passes', async (_, put) => {
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
        await expect(swapped).rejects.toThrow(unsafe(/^reports: is no longer where it was$/));
        for (const folder of ['../elsewhere', 'reports', '../held']) {
          if (project.has(folder) && statSync(project.at(folder)).isDirectory())
            expect(project.list(folder), folder).toEqual([]);
        }
        expect(project.has(LOCK)).toBe(false);
        rmSync(project.at('reports'), { recursive: true, force: true });
        renameSync(project.at('../held'), project.at('reports'));
        mkdirSync(project.at('../elsewhere'), { recursive: true });
      }
    });

    it('and made writable to others during the run it holds nothing that passes', async () => {
      const outcome = project.run(
        'check',
        atFirstBytes(() => chmodSync(project.at('reports'), 0o777)),
      );
      await expect(outcome).rejects.toThrow(unsafe(/^reports: its group or everybody may write in it/));
      expect(project.has(HASHES)).toBe(false);
    });
  });

  describe('a root', () => {
    it('that is not there, or is no folder, is refused', async () => {
      await expect(project.run('check', { root: project.at('nowhere') })).rejects.toThrow(
        unsafe(/^project root .*nowhere: no such file/),
      );
      await expect(project.run('check', { root: project.at('LICENSE') })).rejects.toThrow(
        unsafe(/expected a folder/),
      );
    });

    it('of a name that no report holds is refused, and so is one that stands for other bytes', async () => {
      // Node decodes the bytes of a path; what comes of those that are no UTF-8 is the name of this folder here.
      mkdirSync(project.at('../root-\ufffd'));
      for (const root of ['../a\nb', '../root-\ufffd']) {
        await expect(project.run('check', { root: project.at(root) })).rejects.toThrow(
          unsafe(/^project root .*: no report can name such a path$/),
        );
      }
      expect(project.list('../root-\ufffd')).toEqual([]);
    });

    it('is held in either way to the same evidence, and the report says in which', async () => {
      const cwd = process.cwd();
      project.write('a/b/c/d', 'x');
      expect((await project.run('check', { anchoring: 'procfs' })).status).toBe('PASS');
      const hashes = project.read(HASHES);
      expect((await project.run()).status).toBe('PASS');
      expect(process.cwd()).toBe(cwd);
      expect(project.read(HASHES)).toBe(hashes);
      expect(project.read(REPORT)).toContain(`\npath_anchoring=${anchoring}\n`);
    });
  });

  describe('the manifest has to be a regular file of one name', () => {
    itWithIntruders('and not %s', async (put) => {
      // What a link leads to would do very well.
      layTarget(target(), project.read('latticra.seal'));
      rmSync(project.at('latticra.seal'));
      await put(project.at('latticra.seal'), target());
      project.write(HASHES, OLD);
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(/^latticra\.seal: (is|has) /)]);
      expect(project.has(HASHES)).toBe(false);
      expect(project.read(REPORT)).toContain('\nmanifest_sha256=none\n');
      expect(project.read(REPORT)).toContain('\nscope=skipped\n');
    });

    it('and there', async () => {
      rmSync(project.at('latticra.seal'));
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(/^latticra\.seal: no such file/)]);
      expect(project.read(REPORT)).toContain('\nmanifest_present=0\n');
    });

    it('without NUL bytes, behind which a parser might have stopped', async () => {
      appendFileSync(project.at('latticra.seal'), '\0[extra]\n');
      expect(failuresOf(await project.run())).toEqual([
        expect.stringMatching(/^latticra\.seal: NUL byte at offset/),
      ]);
    });

    it('and the digest in the report is of the bytes that were parsed', async () => {
      await project.run();
      const sha256 = createHash('sha256').update(project.read('latticra.seal')).digest('hex');
      expect(project.read(REPORT)).toContain(`\nmanifest_sha256=sha256:${sha256}\n`);
    });

    it('of the project that was expected', async () => {
      expect((await project.run('check', { expectId: 'demo' })).status).toBe('PASS');
      const outcome = await project.run('check', { expectId: 'latticra' });
      expect(failuresOf(outcome)).toEqual(['latticra.seal: project.id: expected "latticra", found "demo"']);
      expect(project.has(HASHES)).toBe(false);
    });
  });

  describe('stale hash lists are cleared before the gates, so that an early failure leaves none', () => {
    it.each<['check' | 'verify', () => void]>([
      ['check', () => project.write('latticra.seal', 'nonsense')],
      ['verify', () => project.write('latticra.seal', 'nonsense')],
      ['verify', () => project.write(LOCK, 'nonsense')],
      ['verify', () => undefined],
    ])('%s', async (command, spoil) => {
      project.write(HASHES, OLD);
      spoil();
      expect((await project.run(command)).status).toBe('FAIL');
      expect(project.has(HASHES)).toBe(false);
    });

    it('and temporaries of processes that are gone go with them, but not those of others', async () => {
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

    itWithIntruders('and %s in place of one is refused', async (put) => {
      mkdirSync(project.at('reports'), { mode: 0o755 });
      await put(project.at(HASHES), layTarget(target()));
      const outcome = await project.run();
      expect(failuresOf(outcome)).toEqual([
        expect.stringMatching(/^reports\/latticra-seal-cli-hashes\.txt: (is|has) /),
      ]);
      expectTarget();
      expect(project.read(REPORT)).toContain('\nhash_list=none\n');
    });

    describe.each([HASHES, REPORT, LOCK])('and in place of a temporary for %s', (path) => {
      const [folder = '', name = ''] = path.includes('/') ? path.split('/') : ['', path];
      itWithIntruders('%s is refused', async (put) => {
        const temporary = join(folder, `.${name}.999999999-0123456789ab.tmp`);
        mkdirSync(project.at('reports'), { mode: 0o755 });
        await put(project.at(temporary), layTarget(target()));
        const before = lstatSync(project.at(temporary)).ino;
        const outcome = await project.run();
        expect(failuresOf(outcome)[0]?.startsWith(`${temporary}: `)).toBe(true);
        expect(failuresOf(outcome)[0]).toMatch(/: (is|has) /);
        expect(project.has(HASHES)).toBe(false);
        expectTarget();
        expect(lstatSync(project.at(temporary)).ino).toBe(before);
      });
    });
  });

  describe('the report', () => {
    itWithIntruders('is refused where %s has its name, and no evidence is left beside it', async (put) => {
      mkdirSync(project.at('reports'), { mode: 0o755 });
      await put(project.at(REPORT), layTarget(target()));
      await expect(project.run()).rejects.toThrow(
        unsafe(/^reports\/latticra-seal-cli-report\.txt: is no regular file/),
      );
      expect(project.has(HASHES)).toBe(false);
      expectTarget();
    });

    it('is refused where something takes its name during the run, and the evidence is taken back', async () => {
      await expect(
        project.run(
          'check',
          atFirstBytes(() => mkdirSync(project.at(REPORT))),
        ),
      ).rejects.toThrow(unsafe(/^reports\/latticra-seal-cli-report\.txt: is a folder/));
      expect(project.list('reports')).toEqual(['latticra-seal-cli-report.txt']);
    });

    it('answers what, when, where and how was checked, what passed, failed and changed, and what was not used', async () => {
      await project.run('baseline');
      project.write('src/new.c', 'x');
      project.write('README.md', 'other');
      rmSync(project.at('src/main.c'));
      const { document } = await project.run('verify');
      expect(parseDocument(project.read(REPORT))).toEqual(document);
      expect(document.title).toBe('LATTICRA SEAL REPORT');
      expect(document.fields.map(({ key, value }) => `${key}=${value}`)).toEqual([
        'timestamp_utc=2026-01-02T03:04:05Z',
        'mode=verification',
        `prefix=${project.path.replace(/\/$/, '')}`,
        'kernel=Linux 6.1.0',
        'os=linux-x64',
        'network_authority=0',
        'runtime_enforcement_authority=0',
        'root_authority=0',
        'manifest_present=1',
        'lock_present=1',
        'hashes_checked=4',
        'hashes_changed=3',
        'warnings=0',
        'failures=1',
        'status=FAIL',
      ]);
      const section = (name: string) =>
        document.sections
          .find((candidate) => candidate.name === name)
          ?.fields.map(({ key, value }) => `${key}=${value}`);
      expect(section('changes')).toEqual([
        'added_000001=src/new.c',
        'modified_000001=README.md',
        'removed_000001=src/main.c',
      ]);
      expect(section('failures')).toEqual([
        expect.stringMatching(
          /^failure_000001=latticra\.seal\.lock: 3 files are not what it says; .* latticra-seal baseline$/,
        ),
      ]);
      expect(section('checks')).toContain('unchanged=fail');
      expect(section('authority_not_used')).toContain('network=not-used');
    });

    it('has its blocks in one order, and one line a check', async () => {
      const { document } = await project.run();
      expect(document.sections.map(({ name }) => name)).toEqual([
        ...['checks', 'failures', 'warnings', 'changes', 'digests', 'authority_not_used', 'run'],
      ]);
      const [checks] = document.sections;
      expect(checks?.fields.length).toBeGreaterThan(10);
      for (const { value } of checks?.fields ?? []) expect(value).toMatch(/^(pass|fail|skipped)$/);
    });

    it('says the same to people, a line each, the status last', async () => {
      await project.run('baseline');
      project.write('src/new.c', 'x');
      project.write('README.md', 'other');
      rmSync(project.at('src/main.c'));
      project.write('big', Buffer.alloc((25 << 20) + 1));
      const { lines } = await project.run('verify');
      expect(lines.filter((line) => !line.startsWith('PASS: '))).toEqual([
        'ADDED: big',
        'ADDED: src/new.c',
        'MODIFIED: README.md',
        'REMOVED: src/main.c',
        'WARN: big: is larger than 25 MiB',
        expect.stringMatching(
          /^FAIL: latticra\.seal\.lock: 4 files are not what it says; .* latticra-seal baseline$/,
        ),
        'STATUS: FAIL',
      ]);
      expect((await project.run()).lines.at(-1)).toBe('STATUS: PASS');
    });

    it('calls no file removed that may only have been unreadable', async () => {
      project.write('src/other.c', 'x');
      await project.run('baseline');
      rmSync(project.at('src'), { recursive: true });
      symlinkSync('..', project.at('src'));
      const { lines } = await project.run('verify');
      expect(lines.filter((line) => /^[A-Z]+ED: /.test(line))).toEqual([]);
      expect(lines).toContainEqual(expect.stringMatching(/^FAIL: src: /));
      expect(lines.at(-1)).toBe('STATUS: FAIL');
      project.write('README.md', 'other');
      expect((await project.run('verify')).lines).toContain('MODIFIED: README.md');
    });

    it('is all that an inspection changes, with the hash list', async () => {
      const look = () =>
        ['', 'src']
          .flatMap((folder) => project.list(folder).map((name) => join(folder, name)))
          .filter((name) => name !== 'reports')
          .map((name) => {
            const { ino, size, mode, mtimeMs, ctimeMs } = lstatSync(project.at(name));
            return [name, ino, size, mode, mtimeMs, ctimeMs];
          });
      const before = look();
      for (const command of ['check', 'verify'] as const) await project.run(command);
      expect(look()).toEqual(before);
      expect(project.list('reports')).toEqual(['latticra-seal-cli-report.txt']);
      expect(project.read(REPORT)).toContain('\nruntime_enforcement_authority=0\n');
    });

    it('says how many failures there was no room for', async () => {
      for (let index = 0; index < 2200; index++)
        symlinkSync('x', project.at(`src/link-${index}-${'x'.repeat(220)}`));
      const outcome = await project.run();
      expect(failuresOf(outcome)).toHaveLength(2200);
      const listed = project.read(REPORT).match(/^failure_\d+=/gm)?.length ?? 0;
      expect(project.read(REPORT)).toContain(`\nfailure_not_listed=${2200 - listed}\n`);
      expect(project.read(REPORT)).toContain('\nfailures=2200\n');
    });
  });

  describe('what policy denies keeps the hash list from being written', () => {
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
      ['no README', () => rmSync(project.at('README.md')), 'README: no such file at the root, in the scope'],
      ['no license', () => rmSync(project.at('LICENSE')), 'LICENSE: no such file at the root, in the scope'],
    ])('%s', async (_, make, reason) => {
      make();
      const outcome = await project.run();
      expect(failuresOf(outcome)).toContain(reason);
      expect(project.list('reports')).toEqual(['latticra-seal-cli-report.txt']);
    });

    it('and fails a verification, whatever the lockfile says', async () => {
      expect((await project.run('baseline')).status).toBe('PASS');
      project.declare({ denyContents: [['int ', 'main']] });
      expect(failuresOf(await project.run('verify'))).toContain(
        'src/main.c: holds marker 1 of policy.deny_contents',
      );
      expect(project.has(HASHES)).toBe(false);
    });

    it('but not a file that is only large, which is warned of', async () => {
      project.write('big', Buffer.alloc((25 << 20) + 1));
      const outcome = await project.run();
      expect(outcome.status).toBe('PASS');
      expect(outcome.lines).toContain('WARN: big: is larger than 25 MiB');
      expect(project.read(REPORT)).toContain('\nwarning_000001=big: is larger than 25 MiB\n');
    });
  });

  describe('required files have to be in the scope', () => {
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
    ])('and not %s', async (_, path, make, reason) => {
      project.declare({ requiredFiles: [...MANIFEST.requiredFiles, path] });
      make();
      expect(failuresOf(await project.run())).toContainEqual(expect.stringMatching(reason));
      expect(project.has(HASHES)).toBe(false);
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

  describe('the lockfile', () => {
    it('is an exact copy of the hash list, and holds against the same files', async () => {
      expect((await project.run('baseline')).status).toBe('PASS');
      expect(project.read(LOCK)).toBe(project.read(HASHES));
      expect((await project.run('verify')).status).toBe('PASS');
      expect(project.read(REPORT)).toContain('\nhashes_changed=0\n');
    });

    it('is not made of a check that fails', async () => {
      project.write('.env', 'x');
      expect((await project.run('baseline')).status).toBe('FAIL');
      expect(project.has(LOCK)).toBe(false);
    });

    itWithIntruders('is neither written over %s nor read through it', async (put) => {
      await put(project.at(LOCK), layTarget(target(), OLD));
      for (const command of ['baseline', 'verify'] as const) {
        const outcome = await project.run(command);
        expect(failuresOf(outcome).join('\n')).toMatch(/^latticra\.seal\.lock: (is|has) /m);
      }
      expectTarget(OLD);
    });

    it.each(MALFORMED_LISTS)('is refused with %s', async (_, text, reason) => {
      project.write(HASHES, OLD);
      project.write(LOCK, text);
      const outcome = await project.run('verify');
      expect(failuresOf(outcome)).toEqual([expect.stringMatching(reason)]);
      expect(failuresOf(outcome)[0]).toMatch(/^latticra\.seal\.lock: /);
      expect(project.has(HASHES)).toBe(false);
    });

    it('replaced during the run does not change what is compared with', async () => {
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

  describe('an artifact that is read back is whole, or nothing is', () => {
    it('gives its very bytes', async () => {
      await project.run();
      expect((await project.readBack('report')).toString()).toBe(project.read(REPORT));
      expect((await project.readBack('hashList')).toString()).toBe(project.read(HASHES));
    });

    it('makes no folder where there is none', async () => {
      for (const which of ['report', 'hashList'] as const) {
        await expect(project.readBack(which)).rejects.toThrow(
          expect.objectContaining({ code: 'artifact', fix: 'run latticra-seal check' }),
        );
        expect(project.has('reports')).toBe(false);
      }
    });

    itWithIntruders('refuses %s', async (put) => {
      await project.run();
      const good = { report: project.read(REPORT), hashList: project.read(HASHES) };
      for (const [which, path] of [
        ['report', REPORT],
        ['hashList', HASHES],
      ] as const) {
        rmSync(project.at(path));
        await put(project.at(path), layTarget(target(), good[which]));
        await expect(project.readBack(which)).rejects.toThrow(/^reports\/.*: (is|has) /);
        rmSync(project.at(path), { recursive: true });
      }
    });

    it.each(MALFORMED_LISTS)('refuses a hash list with %s', async (_, text, reason) => {
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
    ])('refuses a report that %s', async (_, spoil, reason) => {
      await project.run();
      project.write(REPORT, spoil(project.read(REPORT)));
      await expect(project.readBack('report')).rejects.toThrow(
        expect.objectContaining({ code: 'artifact', message: expect.stringMatching(reason) }),
      );
    });
  });
});
