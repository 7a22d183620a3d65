// SPDX-License-Identifier: Apache-2.0
/** What is measured at growing sizes: each of these lays out an input of a size, and says which command takes it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject, smallFiles } from '../seal-project.mjs';
import { UNITS } from './axis.mjs';
import { writeSparseIso } from './sparse.mjs';

const decades = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
const RECORDS = decades(0, 4);
const SIZES = [0, 4, 8, 12, 16].map((power) => 2 ** (20 + power));
/** Bytes of a file that Seal looks into: half a KiB on average. */
const sizeOf = (index) => (index * 7919) % 1024;

/**
 * Lists the series: `title`, the `unit` and the `sizes` of what grows, and `at(size)`, which lays that out and returns the command; `end`
 * removes it all.
 * @param options.lay a script that lays things out, see lay.ts
 * @param options.diskImage what `@latticra/disk-image` exports, built
 */
export function growthSeries({ app, folder, lay, diskImage }) {
  const at = (name) => join(folder, name);
  const remove = (name) => rmSync(at(name), { recursive: true, force: true });
  const layOut = (...argv) =>
    execFileSync(process.execPath, [lay, ...argv.map(String)], { cwd: folder, stdio: 'pipe' });
  // Not removed before the series ends, for the reason that ../many.mjs gives.
  const aside = [];
  const setMergedAside = () => {
    const name = `merged-${aside.length}`;
    if (existsSync(at('merged'))) renameSync(at('merged'), at(name));
    aside.push(name);
  };
  const layRecords = (count) => {
    remove('boots');
    mkdirSync(at('boots'));
    layOut('records', at('boots'), count);
  };
  let sealed = 0;
  return [
    {
      title: 'seal check: files',
      what: '`seal check`, files of half a KiB',
      unit: UNITS.count,
      sizes: decades(3, 6),
      at(count) {
        if (sealed === 0) makeProject(at('project'), app, smallFiles(count, sizeOf));
        else smallFiles(count, sizeOf, sealed)(at('project'));
        sealed = count;
        return app('seal', 'check', '--root', at('project'));
      },
      end: () => remove('project'),
    },
    {
      title: 'usb-write-command: bytes of an ISO',
      what: '`os-image-usb-write-command`, measuring a sparse ISO',
      unit: UNITS.bytes,
      sizes: SIZES,
      at(size) {
        writeSparseIso(at('sparse.iso'), size, diskImage);
        return app('os-image-usb-write-command', '--iso', 'sparse.iso', '--device', '/dev/sdX');
      },
      end: () => remove('sparse.iso'),
    },
    {
      title: 'os-image-build: inodes of a root',
      what: '`os-image-build --formats iso`, small files in a root',
      unit: UNITS.count,
      sizes: decades(3, 6),
      at(count) {
        layOut('root', at('rootfs.tar'), count);
        const inputs = ['--kernel', 'vmlinuz', '--initramfs', 'initrd.img', '--rootfs', 'rootfs.tar'];
        const flags = ['--formats', 'iso', '--build-id', 'growth', '--output-dir', 'release'];
        return { ...app('os-image-build', ...inputs, ...flags), before: () => remove('release') };
      },
      end: () => ['rootfs.tar', 'release'].forEach(remove),
    },
    {
      title: 'boot-matrix table: records',
      what: '`boot-matrix table`, boot records',
      unit: UNITS.count,
      sizes: RECORDS,
      at(count) {
        layRecords(count);
        const flags = ['--matrix', 'boots/matrix.toml', '--records', 'boots/records'];
        return app('boot-matrix', 'table', ...flags);
      },
      end: () => remove('boots'),
    },
    {
      title: 'boot-matrix merge: records',
      what: '`boot-matrix merge`, boot records',
      unit: UNITS.count,
      sizes: RECORDS,
      at(count) {
        layRecords(count);
        const command = app('boot-matrix', 'merge', '--from', 'boots/records', '--into', 'merged');
        return { ...command, before: setMergedAside };
      },
      end: () => ['boots', 'merged', ...aside].forEach(remove),
    },
    {
      title: 'os-image-sbom: packages of a root',
      what: '`os-image-sbom`, packages of Debian in a root',
      unit: UNITS.count,
      sizes: decades(0, 4),
      at(count) {
        layOut('packages', at('packages.tar'), count);
        return {
          ...app('os-image-sbom', '--rootfs', 'packages.tar', '--output', 'sbom.spdx.json'),
          before: () => remove('sbom.spdx.json'),
        };
      },
      end: () => ['packages.tar', 'sbom.spdx.json'].forEach(remove),
    },
  ];
}
