// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { readName } from './extensions.js';
import type { Header } from './header.js';

/** A state of the disk that was kept in the file, beside the active one. */
export interface Qcow2Snapshot {
  readonly id: string;
  readonly name: string;
}

const ENTRY = 40;
/** Limits of QEMU (qcow2_read_snapshots). */
const MAX_EXTRA = 1024;
const MAX_TABLE = 64 << 20;

/**
 * Reads the table of internal snapshots.
 * @throws ImageError `truncated`, `corrupt` for entries that QEMU refuses, `unsupported` above its limit
 */
export function readSnapshots(source: ByteSource, { snapshots, snapshotTable }: Header): Qcow2Snapshot[] {
  const found: Qcow2Snapshot[] = [];
  let at = snapshotTable;
  for (let index = 0; index < snapshots; index++) {
    at = Math.ceil(at / 8) * 8;
    const entry = readStructure(source, at, ENTRY, `qcow2 snapshot ${index}`);
    const [idLength, nameLength, extra] = [entry.getUint16(12), entry.getUint16(14), entry.getUint32(36)];
    if (extra > MAX_EXTRA) {
      throw new ImageError('corrupt', `qcow2 snapshot ${index} has ${extra} bytes of extra data`);
    }
    at += ENTRY + extra;
    const id = readName(source, at, idLength, `id of qcow2 snapshot ${index}`);
    const name = readName(source, at + idLength, nameLength, `name of qcow2 snapshot ${index}`);
    found.push({ id, name });
    at += idLength + nameLength;
    if (at - snapshotTable > MAX_TABLE) {
      throw new ImageError('unsupported', `the qcow2 snapshots take more than ${MAX_TABLE} bytes`);
    }
  }
  return found;
}
