// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import type { Qcow2Features } from './features.js';
import { checkTables, parseHeader } from './header.js';
import { type Qcow2Snapshot, readSnapshots } from './snapshots.js';

/** What a qcow2 file says of itself, whether or not its disk can be read from it. */
export interface Qcow2Facts {
  readonly version: 2 | 3;
  /** Bytes in a cluster. */
  readonly clusterSize: number;
  /** Bytes of the disk that the guest sees. */
  readonly virtualSize: number;
  readonly features: Qcow2Features;
  readonly snapshots: readonly Qcow2Snapshot[];
}

/**
 * Reads what a qcow2 file says of itself: features that {@link openQcow2} refuses are facts here. Tables are held
 * against the file; what is in them is not looked at.
 * @throws ImageError `bad-magic`, `truncated`, `corrupt`, or `unsupported` beyond the limits of QEMU
 */
export function describeQcow2(source: ByteSource): Qcow2Facts {
  const header = parseHeader(source);
  checkTables(header, source.size);
  const { version, clusterSize, virtualSize, features } = header;
  return { version, clusterSize, virtualSize, features, snapshots: readSnapshots(source, header) };
}
