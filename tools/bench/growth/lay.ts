// SPDX-License-Identifier: Apache-2.0
/**
 * Lays out what a curve is measured on, with what tests make such things with:
 *
 *   node lay.mjs records <folder> <count>    boot records below records/, four, two or one to an image, and their matrix.toml
 *   node lay.mjs root <rootfs.tar> <inodes>  a root of so many small files, and kernel and initramfs beside it
 *   node lay.mjs packages <rootfs.tar> <count>  a root with so many packages of Debian
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { layRecord } from '../../../packages/boot-cases/test/record.js';
import { ROOT_MEMBERS, writeInputs } from '../../../packages/linux-release/src/testing/release.js';
import { archive, type TestMember } from '../../../packages/tar/test/archive.js';
import { writeLargeArchive } from '../../linux/large-archive.js';

const ATTACH = ['cdrom', 'usb'] as const;
const MACHINES = ['bios', 'legacy'] as const;

function layRecords(folder: string, count: number): void {
  // Four cases to an image, or two, or one: so that there are as many as were asked for.
  const attach = count % 2 === 0 ? ATTACH : ATTACH.slice(0, 1);
  const machines = count % 4 === 0 ? MACHINES : MACHINES.slice(0, 1);
  const images = count / (attach.length * machines.length);
  let matrix = 'schema = "latticra.boot-matrix/v0.1"\n[expect]\nlines = ["OK", "ID 1"]\nexit_code = 33\n';
  for (const name of machines)
    matrix += `[machines.${name}]\nmachine = "pc-i440fx"\nfirmware = "seabios"\nexpect = "boot"\n`;
  mkdirSync(join(folder, 'records'), { recursive: true });
  for (let index = 0; index < images; index++) {
    const imageName = `i${index}`;
    writeFileSync(join(folder, `${imageName}.iso`), imageName);
    const ways = attach.map((way) => JSON.stringify(way)).join();
    matrix += `[images.${imageName}]\npath = "${imageName}.iso"\nformat = "iso"\nattach = [${ways}]\n`;
    const digest = createHash('sha256').update(imageName).digest('hex');
    for (const way of attach) {
      for (const machineName of machines) {
        layRecord(join(folder, 'records'), undefined, {
          caseName: `${imageName}_${way}_${machineName}`,
          imageName,
          imageBytes: imageName.length,
          imageBefore: digest,
          imageAfter: digest,
          attach: way,
          machineName,
        });
      }
    }
  }
  writeFileSync(join(folder, 'matrix.toml'), matrix);
}

function layRoot(path: string, files: number): void {
  writeInputs(dirname(path));
  writeLargeArchive(path, { files, mostBytes: 64, largeBytes: 0, longNames: 0, links: 0, xattrBytes: 0 });
}

function layPackages(path: string, count: number): void {
  const names = Array.from({ length: count }, (_, index) => `package-${index}`);
  const status = names.map((name, index) => {
    const fields = ['Status: install ok installed', 'Maintainer: Somebody <somebody@example.org>'];
    return [
      `Package: ${name}`,
      ...[...fields, 'Architecture: amd64', `Version: 1.${index}-1`, 'Description: a package', ''],
    ].join('\n');
  });
  const licence = (name: string) => ['Expat', 'GPL-2+', 'BSD-3-clause'][name.length % 3];
  const copyright = (name: string): TestMember => ({
    name: `./usr/share/doc/${name}/copyright`,
    content: [
      'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
      `\nFiles: *\nCopyright: 2026 the authors of ${name}\nLicense: ${licence(name)}\n`,
    ].join('\n'),
  });
  const others = ROOT_MEMBERS.filter(({ name }) => name !== './var/lib/dpkg/status');
  const database: TestMember = { name: './var/lib/dpkg/status', content: `${status.join('\n')}\n` };
  writeFileSync(path, archive(...others, database, ...names.map(copyright)));
}

const [what, path = '', count = ''] = process.argv.slice(2);
if (what === 'records') layRecords(path, Number(count));
else if (what === 'root') layRoot(path, Number(count));
else if (what === 'packages') layPackages(path, Number(count));
else throw new Error(`${what}: expected records, root or packages`);
