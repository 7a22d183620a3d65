// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesSource, layoutSource, readBytes } from '@latticra/disk-image';
import { layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Lane } from '../../../packages/lane/src/index.js';
import { BOOT_ISO, QCOW2_DISK } from '../../../tools/testing/images.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { program } from './program.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-disk-image-'));
  for (const [path, content] of Object.entries(CONTENTS)) {
    mkdirSync(dirname(at('tree', path)), { recursive: true });
    writeFileSync(at('tree', path), content);
  }
  chmodSync(at('tree/bin/run.sh'), 0o755);
  symlinkSync('run.sh', at('tree/bin/link'));
  symlinkSync('/etc/passwd', at('tree/bin/absolute'));
  symlinkSync('../../out', at('tree/bin/out'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const CONTENTS: Readonly<Record<string, string | Uint8Array>> = {
  'bin/run.sh': '#!/bin/sh\n',
  'Some Folder/A long name of a file.text': 'content',
  'Some Folder/bytes.bin': Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 7) % 251),
  'empty.txt': '',
};
const LINKS = { 'bin/link': 'run.sh' };

const at = (...names: string[]) => join(folder, ...names);
/** Some tools lie where only root looks by default. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, MTOOLSRC: '/dev/null' };
const tool = (name: string, ...argv: string[]) =>
  execFileSync(name, argv, { cwd: folder, env, stdio: 'pipe' });
const run = (word: string, ...argv: string[]) =>
  tryLane(program.lanes[word] as Lane, argv, { cwd: folder, env: {} });

/** Reads a tree: contents of files, targets of links. */
function read(path: string, below = ''): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(join(path, below)).map((name) => {
      const inside = join(below, name);
      const stats = lstatSync(join(path, inside));
      if (stats.isDirectory()) return read(path, inside);
      if (stats.isSymbolicLink()) return { [inside]: `-> ${readlinkSync(join(path, inside))}` };
      return { [inside]: readFileSync(join(path, inside), 'latin1') };
    }),
  );
}

const wanted = (links: Readonly<Record<string, string>> = {}) => ({
  ...Object.fromEntries(
    Object.entries(CONTENTS).map(([path, content]) => [
      path,
      Buffer.from(content as string).toString('latin1'),
    ]),
  ),
  ...Object.fromEntries(Object.entries(links).map(([path, target]) => [path, `-> ${target}`])),
});

/** Extracts a whole image, and returns what was printed. */
async function extract(image: string, into: string, ...argv: string[]) {
  const { status, stdout, stderr } = await run('extract', image, '--into', into, '--json', ...argv);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

itWith(
  ['xorriso', 'xorrisofs'],
  'an ISO is extracted as xorriso does it, but for links that lead out',
  async () => {
    tool('xorrisofs', '-quiet', '-R', '-J', '-o', 'rock.iso', 'tree');
    const { leftOut } = await extract('rock.iso', 'rock');
    expect(read(at('rock'))).toEqual(wanted(LINKS));
    expect(leftOut.map(({ path }: { path: string }) => path).sort()).toEqual(['bin/absolute', 'bin/out']);
    expect(statSync(at('rock/bin/run.sh')).mode & 0o100).toBe(0o100);
    expect(statSync(at('rock/empty.txt')).mode & 0o111).toBe(0);
    tool('xorriso', '-osirrox', 'on', '-indev', 'rock.iso', '-extract', '/', 'xorriso-out');
    tool('chmod', '-R', 'u+w', 'xorriso-out');
    const theirs = read(at('xorriso-out'));
    for (const path of ['bin/absolute', 'bin/out']) delete theirs[path];
    expect(read(at('rock'))).toEqual(theirs);

    await extract('rock.iso', 'joliet', '--names', 'joliet');
    expect(read(at('joliet'))).toEqual(wanted());
    const listed = await run('ls', 'rock.iso', 'bin');
    expect(listed.stdout).toBe(
      'l           0 bin/absolute -> /etc/passwd\nl           0 bin/link -> run.sh\nl           0 bin/out -> ../../out\n-          10 bin/run.sh\n',
    );
  },
);

itWith(
  ['mkfs.fat', 'mcopy', 'sgdisk', 'qemu-img'],
  'a FAT volume in a partition of a disk, raw and qcow2, is extracted as mtools does it',
  async () => {
    writeFileSync(at('disk.raw'), '');
    truncateSync(at('disk.raw'), 48 << 20);
    tool('sgdisk', '-n', '1:2048:+40M', '-t', '1:ef00', 'disk.raw');
    tool('mkfs.fat', '-F', '16', '--offset', '2048', 'disk.raw', '40960');
    for (const path of ['bin', 'Some Folder']) tool('mmd', '-i', 'disk.raw@@1M', `::/${path}`);
    for (const path of Object.keys(CONTENTS))
      tool('mcopy', '-i', 'disk.raw@@1M', join('tree', path), `::/${path}`);
    tool('qemu-img', 'convert', '-O', 'qcow2', '-c', 'disk.raw', 'disk.qcow2');
    for (const image of ['disk.raw', 'disk.qcow2']) {
      await extract(image, `${image}-out`);
      expect(read(at(`${image}-out`))).toEqual(wanted());
      const { stdout } = await run('cat', image, 'some folder/a LONG name of a file.text');
      expect(stdout).toBe('content');
    }
    mkdirSync(at('mtools-out'));
    tool('mcopy', '-s', '-i', 'disk.raw@@1M', '::/', 'mtools-out');
    expect(read(at('disk.raw-out'))).toEqual(read(at('mtools-out')));
    const { stdout } = await run('ls', 'disk.qcow2', '--recursive', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ format: 'fat', within: ['qcow2', 'partition 1'] });
  },
);

itWith(['mkfs.erofs', 'fsck.erofs'], 'an EROFS file system is extracted as fsck.erofs does it', async () => {
  tool('mkfs.erofs', '--quiet', 'root.erofs', 'tree');
  await extract('root.erofs', 'erofs');
  expect(read(at('erofs'))).toEqual(wanted(LINKS));
  tool('fsck.erofs', '--extract=fsck-out', 'root.erofs');
  const theirs = read(at('fsck-out'));
  for (const path of ['bin/absolute', 'bin/out']) delete theirs[path];
  expect(read(at('erofs'))).toEqual(theirs);
});

itWith(
  ['mkfs.erofs', 'xorriso'],
  'A file that is kept compressed is told as that, and left out',
  async () => {
    mkdirSync(at('packed'));
    writeFileSync(at('packed/zeros'), Buffer.alloc(200_000));
    tool('mkfs.erofs', '--quiet', '-zlz4', 'packed.erofs', 'packed');
    const filter = ['-set_filter_r', '--zisofs', '/', '--', '-commit'];
    tool('xorriso', '-outdev', 'packed.iso', '-map', 'packed', '/', ...filter);
    for (const [image, unread] of [
      ['packed.erofs', 'compressed'],
      ['packed.iso', 'compressed by zisofs'],
    ] as const) {
      const reason = `a file that is ${unread}, which is not read here`;
      expect((await extract(image, `${image}-out`)).leftOut).toEqual([{ path: 'zeros', reason }]);
      const { status, stdout, stderr } = await run('cat', image, 'zeros');
      expect({ status, stdout }).toEqual({ status: 65, stdout: '' });
      expect(stderr).toMatch(
        `"zeros" is ${unread}, which is not read here; copy it from where the image is mounted`,
      );
    }
  },
);

it('one folder is extracted under its own name, and one file too', async () => {
  writeFileSync(at('boot.iso'), BOOT_ISO);
  const { stdout } = await run('ls', 'boot.iso', '--recursive', '--json');
  const { entries } = JSON.parse(stdout) as { entries: { path: string; type: string; size: number }[] };
  const file =
    entries.find(({ type, path }) => type === 'file' && path.includes('/')) ?? expect.fail('no file');
  const [top = ''] = file.path.split('/');
  await extract('boot.iso', 'top', '--path', top);
  expect(readdirSync(at('top'))).toEqual([top]);
  const whole = await extract('boot.iso', 'alone', '--path', file.path);
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  expect(whole.files).toMatchObject([{ path: name, size: file.size }]);
  const cat = await run('cat', 'boot.iso', file.path, '--json');
  expect(JSON.parse(cat.stdout)).toEqual({ ...whole.files[0], path: file.path });
});

it('what cannot be right is refused in one line, and nothing is left', async () => {
  writeFileSync(at('boot.iso'), BOOT_ISO);
  writeFileSync(at('disk'), QCOW2_DISK);
  writeFileSync(at('text'), 'hello');
  mkdirSync(at('full'), { recursive: true });
  writeFileSync(at('full/x'), '');
  const cases: [string[], number, RegExp][] = [
    [['ls', 'gone'], 66, /gone: no such file/],
    [['ls', '.'], 65, /is a folder/],
    [['ls', 'text'], 65, /text: there is no file system/],
    [['ls', 'boot.iso', 'none'], 65, /boot\.iso: there is no "none" in the image/],
    [['ls', 'boot.iso', '--partition', '99'], 65, /partition 99/],
    [['cat', 'boot.iso', '/'], 65, /is no file/],
    [['cat', 'boot.iso'], 64, /--path: required/],
    [['extract', 'boot.iso'], 64, /--into: required/],
    [['extract', 'boot.iso', '--into', 'full'], 73, /full: exists already and is not empty/],
    [['extract', 'boot.iso', '--into', 'new', '--max-bytes', '10'], 65, /more than 10 bytes/],
  ];
  for (const [[word = '', ...argv], status, reason] of cases) {
    const result = await run(word, ...argv);
    expect([argv, result.status, result.stdout]).toEqual([argv, status, '']);
    expect(result.stderr).toMatch(reason);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  }
  expect(existsSync(at('new'))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('an extraction refuses names that would lead out of its folder, whatever the image says', async () => {
  const plan = planIso({ volumeId: 'X', epoch: 0, files: [{ path: 'folder/abcdef', size: 1 }] });
  const content = bytesSource(Uint8Array.of(1));
  const source = layoutSource(layoutIso(plan, { files: new Map([['folder/abcdef', content]]) }));
  for (const evil of ['/../..', '..\\..\\', '/etc/x', 'a\nbcde', '\xff\xfeabcd']) {
    const image = Buffer.from(readBytes(source, 0, source.size));
    image.write(evil, image.indexOf('abcdef'), 'latin1');
    writeFileSync(at('evil.iso'), image);
    const result = await run('extract', 'evil.iso', '--into', 'evil');
    expect([evil, result.status, existsSync(at('evil'))]).toEqual([evil, 65, false]);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});
