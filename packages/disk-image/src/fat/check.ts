// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import { Claims } from './claims.js';
import type { FatCheck } from './fat.js';
import { FS_INFO } from './format-boot-sector.js';
import { clusterSize, MAX_DEPTH } from './geometry.js';
import { NO_LABEL } from './label.js';
import { decodeOem } from './parse-name.js';
import { checkTables, countFree } from './table.js';
import { type FolderRef, Volume } from './volume.js';

/** Files and folders that a volume may have before it is refused; a million keeps hostile volumes cheap. */
const MAX_ENTRIES = 1 << 20;

/** Visits every folder and file once and claims their clusters. */
function walk(
  volume: Volume,
  claims: Claims,
): { files: number; folders: number; label: Structure | undefined } {
  const claim = (cluster: number) => claims.claim(cluster);
  const pending: FolderRef[] = [volume.root];
  let files = 0;
  let folders = 0;
  let label: Structure | undefined;
  for (let ref = pending.pop(); ref; ref = pending.pop()) {
    if (ref.depth > MAX_DEPTH) {
      throw new ImageError('unsupported', `folders lie more than ${MAX_DEPTH} deep inside each other`);
    }
    const folder = volume.readFolder(ref, claim);
    label ??= folder.label;
    for (const entry of folder.entries) {
      if (entry.kind === 'folder') {
        folders++;
        pending.push(volume.folder(ref, entry));
      } else {
        files++;
        volume.file(ref, entry, claim);
      }
    }
    if (files + folders > MAX_ENTRIES) {
      throw new ImageError('unsupported', `the volume has more than ${MAX_ENTRIES} files and folders`);
    }
  }
  return { files, folders, label };
}

/** Checks the free-space record of FAT32: its count is that of the table, or says that it is not known. */
function checkFsInfo({ source, boot: { geometry, fsInfoSector } }: Volume, freeClusters: number): void {
  if (fsInfoSector === undefined) return;
  const bytes = Structure.over(readBytes(source, fsInfoSector * geometry.sectorSize, 512));
  const marks = [bytes.u32(0), bytes.u32(484), bytes.u32(508)];
  if (marks[0] !== FS_INFO.lead || marks[1] !== FS_INFO.middle || marks[2] !== FS_INFO.trail) {
    throw new ImageError('corrupt', `sector ${fsInfoSector} is no FSInfo sector: its marks are wrong`);
  }
  const free = bytes.u32(488);
  if (free !== freeClusters && free !== FS_INFO.unknown) {
    throw new ImageError('corrupt', `FSInfo says ${free} clusters are free, the FAT says ${freeClusters}`);
  }
}

/** Checks that the boot sector repeats the label, or `NO NAME` where there is none. */
function checkLabel(stored: Structure | undefined, label: Structure | undefined): void {
  const isNone = stored === undefined || [NO_LABEL, ''.padEnd(NO_LABEL.length)].includes(stored.text());
  if (label === undefined ? isNone : stored?.equals(label)) return;
  const said = (bytes: Structure | undefined) =>
    bytes === undefined ? 'missing' : JSON.stringify(decodeOem(bytes).trimEnd());
  throw new ImageError(
    'corrupt',
    `the volume label is ${said(stored)} in the boot sector and ${said(label)} in the root folder`,
    { fix: 'set it anew with fatlabel or mlabel' },
  );
}

/** Checks a volume that has been opened. */
export function checkVolume(volume: Volume): FatCheck {
  const { source, boot } = volume;
  const { geometry, volumeId } = boot;
  checkTables(source, boot);
  const claims = new Claims();
  const { label, files, folders } = walk(volume, claims);
  checkLabel(boot.label, label);
  const freeClusters = countFree(source, geometry, (cluster) => claims.has(cluster));
  checkFsInfo(volume, freeClusters);
  const { type, clusters } = geometry;
  const text = label === undefined ? '' : decodeOem(label).trimEnd();
  return {
    type,
    clusterSize: clusterSize(geometry),
    label: text,
    volumeId,
    files,
    folders,
    clusters,
    freeClusters,
  };
}

/**
 * Checks a whole volume: boot sector and its backup, the copies of the table, every folder, every chain, and
 * that each cluster in use belongs to exactly one file or folder. Memory: a bit per cluster near those in use,
 * and the folder at hand.
 * @throws ImageError `truncated`, `bad-magic`, `unsupported`, or `corrupt` at the first fault
 */
export function checkFat(source: ByteSource): FatCheck {
  return checkVolume(new Volume(source));
}
