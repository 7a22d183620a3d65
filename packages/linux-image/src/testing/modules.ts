// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveEntry } from '../initramfs/entry.js';
import type { RootFiles } from '../modules/collect.js';
import { moduleName, parseDependencies } from '../modules/lists.js';
import { type DebianKernel, findDebianKernel } from './machine.js';

/** Returns the files of the modules of an installed kernel, as they would lie in its root file system. */
export function installedModules({ release, modules }: DebianKernel): RootFiles {
  const paths = readdirSync(modules, { recursive: true, encoding: 'utf8' });
  return {
    paths: paths.map((path) => `lib/modules/${release}/${path}`),
    read: (path) => readFileSync(join('/', path)),
  };
}

const DRIVERS = ['virtio_pci', 'virtio_blk', 'ata_piix', 'sd_mod', 'sr_mod'];

/** Makes the part of a foreign initramfs that finds drives: modules, and a file with their order. */
export function driverEntries(): ArchiveEntry[] {
  const { modules } = findDebianKernel();
  const dependencies = parseDependencies(readFileSync(join(modules, 'modules.dep'), 'latin1'));
  const order = new Set<string>();
  for (const [path, needed] of dependencies) {
    if (!DRIVERS.includes(moduleName(path))) continue;
    for (const file of [...needed].reverse()) order.add(file);
    order.add(path);
  }
  const files = [...order].map((path) => ({
    path: `drivers/${moduleName(path)}.ko`,
    mode: 0o644,
    content: readFileSync(join(modules, path)),
  }));
  const list = files.map(({ path }) => `/${path}\n`).join('');
  return [
    { path: 'drivers', mode: 0o755, content: undefined },
    ...files,
    { path: 'drivers/order', mode: 0o644, content: Buffer.from(list) },
  ];
}
