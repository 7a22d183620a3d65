// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { ANCHORINGS } from '../../test/anchor.js';
import { faultyScript, layRoot, type Step } from '../../test/fault.js';
import { testFolder } from '../../test/folder.js';

const NEW = 'n'.repeat(1 << 14);
const folder = testFolder();
const script = faultyScript();
beforeEach(() => layRoot(folder.path));

/**
 * Matches calls as `strace -y` shows them: `at` those with a name in a held folder, `on` those on an open descriptor.
 */
const at = (call: string, name: string): Step => ({
  call: new RegExp(`^${call}\\(.*"([^"]*/)?${name}"`),
});
const on = (call: string, name: string, nth = 1): Step => ({
  call: new RegExp(`^${call}\\(\\d+<[^>]*/${name}>`),
  nth,
});
const TEMPORARY = '\\.r\\.\\d+-[0-9a-f]{12}\\.tmp';
const ROOT = '(?:latticra-held-[^/>]*|control)';

/** Returns the content of the file that was to be replaced, and how many temporaries lie beside it. */
const outcome = () => ({
  content: readFileSync(folder.at('r'), 'utf8'),
  temporaries: readdirSync(folder.path).filter((name) => name.endsWith('.tmp')).length,
});

describe.each(ANCHORINGS)('system calls that fail with a folder held by %s', (anchoring) => {
  const READ: [string, Step, string, string][] = [
    ['while a folder is listed', on('getdents64', ROOT), 'error=EIO', 'io io: .: input/output error (EIO)'],
    ['at the end of a listing', on('getdents64', ROOT, 2), 'error=EIO', 'io io: .: input/output error (EIO)'],
    ['when a folder is opened', at('openat', 'd'), 'error=EMFILE', 'io io: d: too many open files'],
    ['when a folder was opened', on('statx', 'd'), 'error=EIO', 'io io: d: input/output error'],
    ['when a folder is closed', on('close', 'd', 2), 'error=EIO', 'io io: d: input/output error'],
    ['when a file is looked at', at('statx', 'f'), 'error=ESTALE', 'io io: f: stale file handle (ESTALE)'],
    [
      'when a file is opened, as not permitted',
      at('openat', 'f'),
      'error=EACCES',
      'unreadable input-missing: f: ',
    ],
    [
      'when a file is opened, as it is a link',
      at('openat', 'f'),
      'error=ELOOP',
      'changed data: f: was replaced',
    ],
    ['when a file is opened, as nobody expects', at('openat', 'f'), 'error=EUCLEAN', 'io io: f: '],
    ['when a file was opened', on('statx', 'f'), 'error=EIO', 'io io: f: input/output error (EIO)'],
    ['while a file is read', on('pread64', 'f', 2), 'error=EIO', 'io io: f: input/output error (EIO)'],
    ['when a read is interrupted for ever', on('pread64', 'f'), 'error=EINTR:when=1+', 'io io: f: '],
    [
      'when a file seems to end early',
      on('pread64', 'f', 2),
      'retval=0',
      'changed data: f: ended after 8192 bytes',
    ],
    [
      'when a file seems to go on',
      // The last of three reads asks for a byte more than there should be.
      on('pread64', 'f', 3),
      'retval=3617',
      'changed data: f: has more than the 20000',
    ],
    ['when a file was read', on('statx', 'f', 2), 'error=EIO', 'io io: f: input/output error (EIO)'],
    ['when a file is closed', on('close', 'f'), 'error=EIO', 'io io: f: input/output error (EIO)'],
  ];
  for (const [when, step, fault, text] of READ) {
    itWith(['strace'], `a failure is told ${when}`, () => {
      expect(script.runWith(fault, step, `${anchoring}-read`, folder.path).stdout).toContain(text);
    });
  }

  itWith(['strace'], 'a read that a signal interrupts is tried again', () => {
    const { stdout } = script.runWith(
      'error=EINTR:when=1..3',
      on('pread64', 'f'),
      `${anchoring}-read`,
      folder.path,
    );
    expect(stdout).toBe('done\n');
  });

  const WRITE: [string, Step, string, string][] = [
    [
      'when the temporary is created, for want of inodes',
      at('openat', TEMPORARY),
      'error=ENOSPC',
      'io io: r: no space left',
    ],
    [
      'when the temporary is created, on a read-only disk',
      at('openat', TEMPORARY),
      'error=EROFS',
      'cannot-create cannot-create: r: ',
    ],
    ['when the temporary was created', on('statx', TEMPORARY), 'error=EIO', 'io io: r: input/output error'],
    [
      'while the temporary is written',
      on('pwrite64', TEMPORARY, 2),
      'error=ENOSPC',
      'io io: r: no space left',
    ],
    [
      'while the temporary is written, without a word',
      on('pwrite64', TEMPORARY, 2),
      'retval=0',
      'io io: r: the system writes nothing',
    ],
    [
      'when the temporary was written',
      on('statx', TEMPORARY, 2),
      'error=EIO',
      'io io: r: input/output error',
    ],
    ['when the temporary is synced', on('fsync', TEMPORARY), 'error=EIO', 'io io: r: input/output error'],
    ['when the target is looked at', at('statx', 'r'), 'error=EIO', 'io io: r: input/output error'],
    [
      'when the temporary is renamed',
      at('rename\\w*', 'r'),
      'error=EROFS',
      'cannot-create cannot-create: r: read-only',
    ],
  ];
  for (const [when, step, fault, text] of WRITE) {
    itWith(['strace'], `the old file is left alone by a failure ${when}`, () => {
      expect(script.runWith(fault, step, `${anchoring}-write`, folder.path).stdout).toContain(text);
      expect(outcome()).toEqual({ content: 'old', temporaries: 0 });
    });
  }

  itWith(['strace'], 'a failure is told when the folder is synced, although the file is there', () => {
    const { stdout } = script.runWith('error=EIO', on('fsync', ROOT), `${anchoring}-write`, folder.path);
    expect(stdout).toMatch(/^not-durable io: r: is in its place, but .*\(EIO\)\n$/);
    expect(outcome()).toEqual({ content: NEW, temporaries: 0 });
  });

  itWith(['strace'], 'a folder that has no way to be synced is no failure', () => {
    const { stdout } = script.runWith('error=EINVAL', on('fsync', ROOT), `${anchoring}-write`, folder.path);
    expect(stdout).toBe('done\n');
    expect(outcome()).toEqual({ content: NEW, temporaries: 0 });
  });

  itWith(['strace'], 'a write that comes short is made up for', () => {
    // The byte that strace says was written is a hole.
    const { stdout } = script.runWith(
      'retval=1',
      on('pwrite64', TEMPORARY),
      `${anchoring}-write`,
      folder.path,
    );
    expect(stdout).toBe('done\n');
    expect(outcome()).toEqual({ content: `\0${NEW.slice(1)}`, temporaries: 0 });
  });

  const CHANGE: [string, Step, string, string][] = [
    [
      'when a file is removed',
      at('unlink\\w*', 'f'),
      'error=EROFS',
      'cannot-create cannot-create: f: read-only',
    ],
    ['when a folder is made', at('mkdir\\w*', 'new'), 'error=ENOSPC', 'io io: new: no space left'],
    ['when a new folder is synced', on('fsync', ROOT), 'error=EIO', 'io io: .: input/output error'],
  ];
  for (const [when, step, fault, text] of CHANGE) {
    itWith(['strace'], `a failure is told ${when}`, () => {
      expect(script.runWith(fault, step, `${anchoring}-change`, folder.path).stdout).toContain(text);
    });
  }

  it('a lack of descriptors is told', () => {
    const { stdout } = script.run(`${anchoring}-exhausted`, folder.path, { descriptors: 64 });
    expect(stdout).toContain('io io: d: too many open files (EMFILE)');
  });
});

describe.each(ANCHORINGS)('processes that end while they write, with a folder held by %s', (anchoring) => {
  const KILLED: [string, Step, string][] = [
    ['when it has created', on('statx', TEMPORARY), 'old'],
    ['before it writes the rest', on('pwrite64', TEMPORARY, 2), 'old'],
    ['before it syncs', on('fsync', TEMPORARY), 'old'],
    ['before it renames', at('rename\\w*', 'r'), 'old'],
    ['before it syncs the folder', on('fsync', ROOT), NEW],
  ];
  for (const [when, step, content] of KILLED) {
    itWith(
      ['strace'],
      `a process killed ${when} leaves one whole file, and the next run clears the rest`,
      () => {
        const killed = script.runWith('error=EINTR:signal=SIGKILL', step, `${anchoring}-write`, folder.path);
        expect(killed.signal).toBe('SIGKILL');
        expect(outcome()).toEqual({ content, temporaries: content === 'old' ? 1 : 0 });
        expect(script.run(`${anchoring}-write`, folder.path).stdout).toBe('done\n');
        expect(outcome()).toEqual({ content: NEW, temporaries: 0 });
      },
    );
  }

  it('a process that ends by process.exit while it writes leaves the old file and no temporary', () => {
    expect(script.run(`${anchoring}-exit`, folder.path).stdout).toBe('');
    expect(outcome()).toEqual({ content: 'old', temporaries: 0 });
  });
});

describe.each(ANCHORINGS)('a bind mount, with a folder held by %s', (anchoring) => {
  /** Whether this user may have a mount of their own: the system may let a plain user. */
  const mayMount = spawnSync('unshare', ['-Urm', 'true']).status === 0;

  it.skipIf(!mayMount)('a bind mount is the same file system and another mount (needs unshare -Urm)', () => {
    for (const [setUp, mount] of [
      ['true', 'same'],
      ['mount --bind "$2/d" "$2/d"', 'another'],
    ] as const) {
      const run = [
        `${setUp} && exec "$0" "$1" ${anchoring}-mounts "$2"`,
        process.execPath,
        script.path(),
        folder.path,
      ];
      const { stdout } = spawnSync('unshare', ['-Urm', 'sh', '-c', ...run], { encoding: 'utf8' });
      expect(stdout).toBe(`same device, ${mount} mount\ndone\n`);
    }
  });
});
