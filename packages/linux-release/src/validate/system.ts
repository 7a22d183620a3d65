// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import { readBytes } from '@latticra/disk-image';
import type { ErofsImage, ErofsInode } from '@latticra/disk-image/erofs';
import { collectModules, type MissingDrivers, type ModuleFile, type RootMode } from '@latticra/linux-image';
import { collectRecords, type OperatingSystem, readSystem } from '@latticra/sbom/root';

const MODULES = /^(?:usr\/)?lib\/modules\//;
const PIECE = 1 << 20;
/** Names between two looks at whether somebody pressed Ctrl-C. */
const PATIENCE = 4096;

/** What the file system of a root says of the system in it. */
export interface FoundSystem {
  readonly system: OperatingSystem;
  readonly modules: readonly ModuleFile[];
  readonly missingDrivers: readonly MissingDrivers[];
  /**
   * Whether the archive that it was made of must have said the same. A record with two names, or with holes, says less
   * in an archive than in a file system.
   */
  readonly isCertain: boolean;
}

/**
 * Reads the system in a root: its packages, and the modules that start it.
 * @throws ImageError, LinuxImageError, SbomError for a root that no release is built from
 */
export async function readRootSystem(
  erofs: ErofsImage,
  mode: RootMode,
  kernelRelease: string,
  signal: AbortSignal,
): Promise<FoundSystem> {
  const records = collectRecords();
  const modules = new Map<string, ErofsInode>();
  let isCertain = true;
  let names = 0;
  for (const { name, inode } of erofs.walk()) {
    if (++names % PATIENCE === 0) {
      await setImmediate();
      signal.throwIfAborted();
    }
    const { type, size, links } = inode;
    if (type === 'socket') continue;
    const target = type === 'symbolic-link' ? erofs.target(inode) : undefined;
    records.onMember({ path: name, type, size, storedSize: size, target });
    if (type === 'file' && MODULES.test(name)) modules.set(name, inode);
    if (type === 'symbolic-link' && links > 1) isCertain = false;
    if (!records.wantsContent()) continue;
    if (links > 1 || inode.layout === 'chunked') isCertain = false;
    const content = erofs.open(inode);
    for (let at = 0; at < size; at += PIECE) {
      const piece = readBytes(content, at, Math.min(PIECE, size - at));
      // In the image of a root, what was a hole in its archive is zeros.
      if (piece.includes(0)) isCertain = false;
      records.onContent(piece);
    }
  }
  const collected = await collectModules(mode, kernelRelease, {
    paths: modules.keys(),
    read(path) {
      const inode = modules.get(path);
      return inode === undefined ? new Uint8Array(0) : readBytes(erofs.open(inode), 0, inode.size);
    },
  });
  return { ...collected, system: readSystem(records.finish()), isCertain };
}
