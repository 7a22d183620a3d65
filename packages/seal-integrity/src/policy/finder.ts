// SPDX-License-Identifier: Apache-2.0
import { FINDER_MODULE, SLACK_BYTES, TABLES_AT } from './finder-module.js';

/** The number of bytes of an anchor that are looked for. */
export const FINGERPRINT_BYTES = 3;

/** The number of groups: as many as a byte has bits. The caller tells two anchors of one group apart. */
const GROUPS = 8;

/** The address of the bytes that are searched. */
const DATA_AT = 128;
const PAGE_BYTES = 1 << 16;

/** A search for the places where one of several anchors may begin, in memory of its own. */
export interface Finder {
  /** The memory: what is to be searched is put here. */
  readonly data: Buffer;
  /**
   * Returns the first place in `data`, from `from` on, that may be one; something not before `end` where there is none.
   */
  find(from: number, end: number): number;
}

type Find = (from: number, end: number) => number;

/**
 * Makes a finder.
 * @param anchors each of at least {@link FINGERPRINT_BYTES} bytes
 * @param length of the memory
 */
export function createFinder(anchors: readonly Uint8Array[], length: number): Finder {
  const pages = Math.ceil((DATA_AT + length + SLACK_BYTES) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages });
  fillTables(new Uint8Array(memory.buffer, TABLES_AT, DATA_AT), anchors);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(FINDER_MODULE), { m: { m: memory } });
  const f = exports.f as Find;
  return {
    data: Buffer.from(memory.buffer, DATA_AT, length),
    find: (from, end) => f(from + DATA_AT, end + DATA_AT) - DATA_AT,
  };
}

function fillTables(tables: Uint8Array, anchors: readonly Uint8Array[]): void {
  for (const [index, anchor] of anchors.entries()) {
    const group = 1 << (index % GROUPS);
    for (const [offset, byte] of anchor.subarray(0, FINGERPRINT_BYTES).entries()) {
      mark(tables, 32 * offset + (byte & 15), group);
      mark(tables, 32 * offset + 16 + (byte >> 4), group);
    }
  }
}

function mark(tables: Uint8Array, at: number, group: number): void {
  tables[at] = (tables[at] ?? 0) | group;
}
