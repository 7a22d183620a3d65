// SPDX-License-Identifier: Apache-2.0

/** The files beside a record and itself, by their bare names, however they are read. */
export interface RecordFiles {
  /** Of the folder, for messages. */
  readonly path: string;
  has(name: string): boolean;
  /** Reads a file whole. @throws for one of more than `maxBytes`, and for anything else than a file */
  read(name: string, maxBytes: number): Uint8Array;
}

/** What a boot leaves beside its record, and the record says nothing of: what QEMU itself had to say, mostly nothing. */
export const BESIDE_RECORD = ['qemu.log'] as const;
