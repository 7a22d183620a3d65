// SPDX-License-Identifier: Apache-2.0
/** The rows of `bench.mjs --images`: what the libraries of disk images and archives do, beside the programs that do it. 4 GB of disk. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, compareFully } from './compare.mjs';
import { writeRandomDisk, writeRandomIso } from './images.mjs';
import { peakMib } from './peak.mjs';

const LIBRARY = fileURLToPath(new URL('library.mjs', import.meta.url));
const MIB = 2 ** 20;

/** Lays folders of a hundred files each. */
function layFiles(folder, count, content) {
  for (let index = 0; index < count; index++) {
    const at = join(folder, `dir${String(Math.floor(index / 100)).padStart(5, '0')}`);
    if (index % 100 === 0) mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `file${String(index % 100).padStart(3, '0')}.txt`), content);
  }
}

/** Adds the rows of images and archives. @param options.scale takes that part of all sizes and counts, to try it out */
export async function archiveRows({ row, fact, has, folder, runs, scale }) {
  const built = (name) => import(new URL(`../../packages/disk-image/dist/${name}`, import.meta.url));
  const diskImage = { ...(await built('index.js')), ...(await built('iso9660/index.js')) };
  const isTimed = has('/usr/bin/time');
  const away = (...names) => ({
    before: () => {
      for (const name of names) rmSync(join(folder, name), { force: true });
    },
  });
  const ours = (words, ...targets) => ({
    argv: [process.execPath, LIBRARY, ...words],
    cwd: folder,
    ...away(...targets),
  });
  const synced = (command) => ({ ...command, env: { ...process.env, LATTICRA_SYNC: '1' } });
  const theirs = (argv, ...targets) => ({ argv, cwd: folder, ...away(...targets) });
  const sh = (text, ...targets) => theirs(['sh', '-c', text], ...targets);
  /** Rows of seconds from start to end, of the least of them, and of those that processors were busy. */
  const rows = (what, beside, a, b, goal) => {
    if (!isTimed) return row(what, beside, compare(a, b, runs), goal);
    const { usual, least, work } = compareFully(a, b, runs);
    row(what, beside, usual, goal);
    row('the same, the least of all runs', beside, least, goal);
    row('the same, in seconds of processors', beside, work, 'none');
  };
  /** Whether there is something to measure beside; said where there is not. */
  const isThere = (program) => {
    if (!has(program)) process.stderr.write(`left out: ${program} is missing\n`);
    return has(program);
  };
  const size = Math.max(1, Math.round(1024 * scale)) * MIB;
  const [gib, part] = [`${size / MIB} MiB`, `${size / 4 / MIB} MiB`];

  if (isThere('qemu-img')) {
    writeRandomDisk(join(folder, 'disk.raw'), size);
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', 'disk.raw', 'disk.qcow2'], {
      cwd: folder,
    });
    const write = ours(['qcow2-write', 'disk.raw', 'out'], 'out');
    const read = ours(['qcow2-read', 'disk.qcow2', 'out'], 'out');
    const convert = 'qemu-img convert -f raw -O qcow2 disk.raw out';
    rows(
      `\`encodeQcow2\` and \`writeLayout\`, ${gib} of a raw disk`,
      '`qemu-img convert -O qcow2`',
      write,
      theirs(convert.split(' '), 'out'),
      'at most 1.2',
    );
    rows(
      `the same, ${gib}, to a path, which is synced`,
      '`qemu-img convert -O qcow2`, then `sync`',
      synced(write),
      sh(`${convert} && sync out`, 'out'),
      'none',
    );
    rows(
      `\`openQcow2\` and \`writeLayout\`, ${gib} out of a qcow2 file`,
      '`qemu-img convert -O raw`',
      read,
      theirs(['qemu-img', 'convert', '-f', 'qcow2', '-O', 'raw', 'disk.qcow2', 'out'], 'out'),
      'at most 1.2',
    );
    for (const name of ['disk.raw', 'disk.qcow2', 'out']) rmSync(join(folder, name), { force: true });
  }
  if (isThere('xorriso')) {
    writeRandomIso(join(folder, 'image.iso'), size / 4 + MIB, diskImage);
    rows(
      `\`openFiles\` and \`writeLayout\`, a file of ${part} out of an ISO`,
      '`xorriso -osirrox on -extract`',
      ours(['iso-file', 'image.iso', 'data', 'out'], 'out'),
      theirs(['xorriso', '-osirrox', 'on', '-indev', 'image.iso', '-extract', '/data', 'out'], 'out'),
      'at most 1.2',
    );
    for (const name of ['image.iso', 'out']) rmSync(join(folder, name), { force: true });
  }
  const count = Math.max(100, Math.round(20_000 * scale));
  layFiles(join(folder, 'tree'), count, Buffer.alloc(4096, 7));
  const make = ours(['iso-make', 'tree', 'out.iso'], 'out.iso');
  if (isThere('genisoimage')) {
    rows(
      `\`planIso\` and \`writeLayout\`, ${count} files of 4 KiB`,
      '`genisoimage -R`',
      make,
      theirs(['genisoimage', '-quiet', '-R', '-o', 'out.iso', 'tree'], 'out.iso'),
      'at most 1.0',
    );
  }
  if (isTimed) {
    make.before();
    fact(`the same, most memory`, `${peakMib(make).toFixed(0)} MiB`, 'at most 100 MiB');
  }
  rmSync(join(folder, 'tree'), { recursive: true });
  const members = Math.max(100, Math.round(500_000 * scale));
  layFiles(join(folder, 'many'), members, '');
  execFileSync('tar', ['-C', 'many', '-cf', 'many.tar', '.'], { cwd: folder });
  rmSync(join(folder, 'many'), { recursive: true });
  rows(
    `\`createArchiveFeed\`, a tar of ${members} files`,
    '`tar tf`, its output to `/dev/null`',
    ours(['tar-walk', 'many.tar']),
    // It writes each name by itself, which takes a pipe three times as long.
    sh('tar tf many.tar >/dev/null'),
    'at most 2.5',
  );
}
