// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, createLayout, type Layout, layoutSource, sliceSource } from '@latticra/disk-image';
import helper from '../../boot/prebuilt/helper.elf';
import { LinuxImageError } from '../error.js';
import { formatConfig, type HelperConfig, parseConfig } from './config.js';
import { type ArchiveEntry, aligned } from './entry.js';
import { readArchive } from './read.js';
import { createArchive } from './write.js';

/** The parameter of the kernel's command line that has the helper run first. */
export const HELPER_PARAMETER = 'rdinit=/latticra/init';
/** The device that the helper makes of the root: what `root=` on the command line has to name. */
export const ROOT_DEVICE = '/dev/dm-1';

/** A module of the kernel, to be loaded from the initramfs. */
export interface ModuleFile {
  /** The name of its file alone: `erofs.ko`. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** What is appended to an initramfs. */
export interface HelperFiles {
  readonly config: HelperConfig;
  /** The modules that the configuration names, in its order. */
  readonly modules: readonly ModuleFile[];
}

const folder = (path: string): ArchiveEntry => ({ path, mode: 0o755, content: undefined });
const file = (path: string, mode: number, content: Uint8Array): ArchiveEntry => ({ path, mode, content });

/** Returns the entries of an archive with the helper. @throws LinuxImageError `helper-bad-config` */
function helperEntries({ config, modules }: HelperFiles): ArchiveEntry[] {
  const names = modules.map(({ name }) => name);
  if (names.join('\n') !== config.modules.join('\n')) {
    throw new LinuxImageError('helper-bad-config', 'the configuration names other modules than there are');
  }
  return [
    folder('latticra'),
    file('latticra/init', 0o755, helper),
    file('latticra/config', 0o644, Buffer.from(formatConfig(config), 'latin1')),
    folder('latticra/modules'),
    ...modules.map(({ name, content }) => file(`latticra/modules/${name}`, 0o644, content)),
  ];
}

/**
 * Plans the initramfs of an image: the given one as it is, whatever it is compressed with, zeros up to a multiple of 4,
 * and an archive with the helper, its configuration and modules. The kernel unpacks one after the other.
 * @throws LinuxImageError `helper-bad-config`, `initramfs-bad-file`
 */
export function joinInitramfs(given: ByteSource, files: HelperFiles): Layout {
  const archive = createArchive(helperEntries(files));
  const start = aligned(given.size);
  return createLayout(start + archive.size, [
    { offset: 0, source: given },
    { offset: start, source: layoutSource(archive) },
  ]);
}

/** An initramfs of an image, taken apart. */
export interface JoinedInitramfs extends HelperFiles {
  readonly given: ByteSource;
  /** The helper in it is, byte for byte, the one of this version. */
  readonly isOwnHelper: boolean;
}

/**
 * Reads an initramfs that {@link joinInitramfs} planned.
 * @param givenSize bytes of the given one; that an archive of ours follows, up to the end, is checked
 * @throws LinuxImageError `initramfs-bad-archive`, `initramfs-bad-file`, `helper-bad-config`
 */
export function readJoinedInitramfs(source: ByteSource, givenSize: number): JoinedInitramfs {
  const start = aligned(givenSize);
  const damaged = (what: string) =>
    new LinuxImageError('initramfs-bad-archive', `behind the initramfs of ${givenSize} bytes: ${what}`);
  if (!Number.isSafeInteger(givenSize) || givenSize < 0 || start > source.size) throw damaged('nothing');
  const padding = new Uint8Array(start - givenSize);
  sliceSource(source, givenSize, padding.length).readInto(padding, 0);
  if (padding.some((byte) => byte !== 0)) throw damaged('something in the padding');
  const entries = readArchive(sliceSource(source, start, source.size - start));
  const contents = new Map(entries.map(({ path, content }) => [path, content]));
  const config = parseConfig(Buffer.from(contents.get('latticra/config') ?? []).toString('latin1'));
  const modules = config.modules.map((name) => ({
    name,
    content: contents.get(`latticra/modules/${name}`) ?? new Uint8Array(0),
  }));
  const init = contents.get('latticra/init') ?? new Uint8Array(0);
  const expected = helperEntries({ config, modules }).map(shape);
  if (entries.map(shape).join('\n') !== expected.join('\n')) throw damaged('other files than ours');
  return {
    given: sliceSource(source, 0, givenSize),
    config,
    modules,
    isOwnHelper: Buffer.compare(init, helper) === 0,
  };
}

const shape = ({ path, mode, content }: ArchiveEntry) =>
  `${content === undefined ? 'folder' : 'file'} ${mode.toString(8)} ${path}`;
