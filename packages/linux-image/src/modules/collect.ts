// SPDX-License-Identifier: Apache-2.0
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LinuxImageError } from '../error.js';
import type { MissingDrivers } from './drivers.js';
import { COMPRESSED } from './lists.js';
import { planModules } from './plan.js';

/** The files of a root file system, wherever they are read from. */
export interface RootFiles {
  /** Paths of its files: relative, without `./` in front. */
  readonly paths: Iterable<string>;
  read(path: string): Uint8Array | Promise<Uint8Array>;
}

/** The modules that a root needs, read. */
export interface CollectedModules {
  /** In the order in which they are loaded. */
  readonly modules: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly missingDrivers: readonly MissingDrivers[];
}

/** Where distributions keep modules: `lib` may be a link to `usr/lib`. */
const FOLDER = /^((?:usr\/)?lib\/modules\/([^/]+))\/(.+)$/;
const LIMIT = 64 << 20;
const LISTS = { dependencies: 'modules.dep', builtins: 'modules.builtin' } as const;

/** The modules that a root needs, by their files. */
export interface ModuleFiles {
  /** Paths in the root, in the order in which they are loaded. */
  readonly load: readonly string[];
  readonly missingDrivers: readonly MissingDrivers[];
}

/**
 * Finds in a root file system the modules of a kernel that have to be loaded before that root can be mounted.
 * @param release what `uname -r` says
 * @param paths of the files of the root: relative, without `./` in front
 * @param readList returns what depmod wrote into a file of this path, where there is one
 * @throws LinuxImageError `modules-none`, `modules-bad-list`, `modules-missing`
 */
export function findModuleFiles(
  root: 'verity' | 'plain',
  release: string,
  paths: Iterable<string>,
  readList: (path: string) => Uint8Array | undefined,
): ModuleFiles {
  const { folder, names } = findModules(release, paths);
  const text = (list: keyof typeof LISTS) => {
    const path = `${folder}/${LISTS[list]}`;
    const bytes = readList(path);
    if (bytes === undefined) {
      throw new LinuxImageError('modules-bad-list', `the root file system has no ${path}`, {
        fix: `let depmod write it: depmod ${release} in the root file system`,
      });
    }
    return Buffer.from(bytes).toString('latin1');
  };
  const plan = planModules(root, { dependencies: text('dependencies'), builtins: text('builtins') });
  const missing = plan.load.find((path) => !names.has(path));
  if (missing !== undefined) {
    throw new LinuxImageError(
      'modules-missing',
      `modules.dep lists ${missing}, and the root file system has none`,
      {
        fix: `install the modules of ${release} whole`,
      },
    );
  }
  return { load: plan.load.map((path) => `${folder}/${path}`), missingDrivers: plan.missingDrivers };
}

/** Reads modules for an initramfs. @throws LinuxImageError `modules-compressed`, `modules-missing` */
export async function readModules(
  paths: readonly string[],
  read: (path: string) => Uint8Array | Promise<Uint8Array>,
): Promise<CollectedModules['modules']> {
  const modules: { name: string; content: Uint8Array }[] = [];
  for (const path of paths) modules.push(await readModule(path, await read(path)));
  return modules;
}

/** Finds and reads the modules of a root whose files can be read in any order. @throws as the two above */
export async function collectModules(
  root: 'verity' | 'plain',
  release: string,
  files: RootFiles,
): Promise<CollectedModules> {
  const paths = [...files.paths];
  const lists = new Map<string, Uint8Array>();
  for (const path of paths) {
    if (Object.values(LISTS).some((list) => path.endsWith(`/${release}/${list}`)))
      lists.set(path, await files.read(path));
  }
  const { load, missingDrivers } = findModuleFiles(root, release, paths, (path) => lists.get(path));
  return { modules: await readModules(load, (path) => files.read(path)), missingDrivers };
}

/** Finds the folder of a version, and the files below it. */
function findModules(release: string, paths: Iterable<string>): { folder: string; names: Set<string> } {
  const folders = new Set<string>();
  const versions = new Set<string>();
  const names = new Set<string>();
  for (const path of paths) {
    const [, folder, version, name] = FOLDER.exec(path) ?? [];
    if (folder === undefined || version === undefined || name === undefined) continue;
    versions.add(version);
    if (version !== release) continue;
    folders.add(folder);
    names.add(name);
  }
  const [folder, other] = folders;
  if (folder !== undefined && other === undefined) return { folder, names };
  const found =
    other !== undefined
      ? `them in both ${folder} and ${other}`
      : versions.size === 0
        ? 'no modules at all'
        : `modules of ${[...versions].sort().slice(0, 10).join(', ')}`;
  throw new LinuxImageError(
    'modules-none',
    `the kernel is ${release}, the root file system has ${found}, expected lib/modules/${release}`,
    { fix: 'give the kernel that belongs to the root file system, or install its modules there' },
  );
}

/** Reads a module, out of a file that gzip compressed where it is one. */
async function readModule(path: string, bytes: Uint8Array): Promise<{ name: string; content: Uint8Array }> {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const [, compression] = COMPRESSED.exec(file) ?? [];
  if (compression === 'xz' || compression === 'zst') {
    throw new LinuxImageError(
      'modules-compressed',
      `${path} is compressed with ${compression}, which is not read here`,
      {
        fix: 'decompress the modules in the root file system, then run depmod there',
      },
    );
  }
  const content = compression === 'gz' ? await decompress(bytes) : bytes;
  if (content === undefined || !isObject(content)) {
    throw new LinuxImageError('modules-missing', `${path} is no module for x86-64`, {
      fix: 'install the modules of the kernel again',
    });
  }
  return { name: file.replace(COMPRESSED, ''), content };
}

/** Decompresses what gzip compressed; undefined for what it did not, or for more than a module has. */
async function decompress(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await promisify(gunzip)(bytes, { maxOutputLength: LIMIT }));
  } catch {
    return undefined;
  }
}

/** Returns whether bytes begin as an object file of ELF for x86-64. */
function isObject(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 20));
  return (
    head.length === 20 &&
    head.toString('latin1', 0, 6) === '\x7fELF\x02\x01' &&
    head.readUInt16LE(16) === 1 &&
    head.readUInt16LE(18) === 62
  );
}
