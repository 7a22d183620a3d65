// SPDX-License-Identifier: Apache-2.0

import { checkFat } from '../fat/check.js';
import type { FatEntry } from '../fat/fat.js';
import { tableSize } from '../fat/geometry.js';
import { foldName } from '../fat/long-name.js';
import { type FolderRef, Volume } from '../fat/volume.js';
import type { ByteSource } from '../layout/source.js';
import type { Architecture } from '../pe/architecture.js';
import type { FindingsCollector } from './findings.js';
import { readPe } from './pe.js';

/** A program that UEFI starts by itself from a removable medium: `\EFI\BOOT\BOOT<architecture>.EFI`. */
export interface Loader {
  /** With forward slashes, as the volume spells it. */
  readonly path: string;
  /** By what the program says, not by its name. */
  readonly architecture: Architecture;
  /** It carries certificates; whether they hold is not looked at. */
  readonly signed: boolean;
}

const NO_PROGRAM = Symbol('no program');
const FOLDERS = ['EFI', 'BOOT'];
const LOADER = /^BOOT[A-Z0-9]+\.EFI$/i;
const MAX_LOADERS = 32;
/** A table of a volume that is checked: of 4 GiB in small clusters, or of far more in large ones. */
const MAX_TABLE = 4 << 20;

/** FAT volumes that are looked into in one file. A file may name thousands, and each of them a million entries. */
export class VolumeBudget {
  #left = 8;

  /** Returns whether one more volume may be looked into, and counts it. */
  take(): boolean {
    return this.#left-- > 0;
  }
}

/** Looks for loaders in a FAT volume, and checks it where that takes little. What is wrong becomes findings. */
export function findLoaders(
  source: ByteSource,
  findings: FindingsCollector,
  budget = new VolumeBudget(),
): Loader[] {
  if (!budget.take()) {
    findings.unread.push('one more FAT volume');
    return [];
  }
  const volume = findings.attempt(() => new Volume(source));
  if (!volume) return [];
  const { type, clusters } = volume.boot.geometry;
  if (tableSize(type, clusters) > MAX_TABLE) {
    findings.unread.push(`the FAT volume was not checked: its table is longer than ${MAX_TABLE} bytes`);
  } else {
    findings.attempt(() => checkFat(source));
  }
  const found = findings.attempt(() => bootFolder(volume));
  if (!found) return [];
  const named = found.entries.filter(({ kind, name }) => kind === 'file' && LOADER.test(name));
  if (named.length > MAX_LOADERS)
    findings.unread.push(`${named.length - MAX_LOADERS} loaders of ${named.length}`);
  return named.slice(0, MAX_LOADERS).flatMap((entry) => {
    const path = `${found.ref.path}/${entry.name}`;
    const program = findings.attempt(() => readPe(volume.file(found.ref, entry)) ?? NO_PROGRAM, path);
    if (program === NO_PROGRAM) findings.unread.push(`${path} is no PE program`);
    if (program === undefined || program === NO_PROGRAM) return [];
    return [{ path, architecture: program.architecture, signed: program.signed }];
  });
}

/** Finds the folder that holds loaders; undefined where there is none. */
function bootFolder(volume: Volume): { ref: FolderRef; entries: readonly FatEntry[] } | undefined {
  let ref = volume.root;
  for (const name of FOLDERS) {
    const entry = volume
      .readFolder(ref)
      .entries.find(({ kind, name: found }) => kind === 'folder' && foldName(found) === foldName(name));
    if (!entry) return undefined;
    ref = volume.folder(ref, entry);
  }
  return { ref, entries: volume.readFolder(ref).entries };
}
