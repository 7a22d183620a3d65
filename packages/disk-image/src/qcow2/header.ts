// SPDX-License-Identifier: Apache-2.0
import { viewOf } from '../layout/view.js';
import { MAGIC } from './format.js';

/** What a version 3 header of {@link encodeHeader} says; all places in bytes. */
export interface NewHeader {
  readonly clusterBits: number;
  readonly virtualSize: number;
  readonly l1Entries: number;
  readonly l1Table: number;
  readonly refcountTable: number;
  readonly refcountTableClusters: number;
}

/** Length of a version 3 header with the compression type field. */
const HEADER_LENGTH = 112;

/** A version 3 header without features or backing file, and the end mark of its empty extension list. */
export function encodeHeader(header: NewHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + 8);
  const view = viewOf(bytes);
  view.setUint32(0, MAGIC);
  view.setUint32(4, 3);
  view.setUint32(20, header.clusterBits);
  view.setBigUint64(24, BigInt(header.virtualSize));
  view.setUint32(36, header.l1Entries);
  view.setBigUint64(40, BigInt(header.l1Table));
  view.setBigUint64(48, BigInt(header.refcountTable));
  view.setUint32(56, header.refcountTableClusters);
  view.setUint32(96, 4); // refcount_order: 16 bits
  view.setUint32(100, HEADER_LENGTH);
  return bytes;
}
