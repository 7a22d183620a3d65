// SPDX-License-Identifier: Apache-2.0
import type { Extent, Layout } from '../layout/layout.js';
import type { ByteSource } from '../layout/source.js';
import type { MbrPartition } from '../mbr/mbr.js';

/** A partition as the table describes it. GUIDs are text, `C12A7328-F81F-11D2-BA4B-00A0C93EC93B`. */
export interface GptPartition {
  readonly typeGuid: string;
  readonly uniqueGuid: string;
  /** At most 36 UTF-16 code units. */
  readonly name: string;
  /** First sector of 512 bytes. */
  readonly firstLba: number;
  /** Length in sectors. */
  readonly sectors: number;
  /** The 64 attribute bits of UEFI 2.10 table 5-7. */
  readonly attributes: bigint;
}

/** A partition to be written. */
export interface GptPartitionPlan {
  readonly typeGuid: string;
  readonly uniqueGuid: string;
  readonly name?: string;
  readonly attributes?: bigint;
  /** Where it starts; by default the next aligned sector after the partition before it. */
  readonly firstLba?: number;
  /** Length in bytes, rounded up to a sector; by default that of `content`. */
  readonly size?: number;
  /** What is in it; zeros where it is shorter than the partition. */
  readonly content?: Layout | ByteSource;
}

export interface GptOptions {
  /** Length of the whole disk in bytes, a multiple of 512. */
  readonly size: number;
  readonly diskGuid: string;
  /** At most 128; they keep this order in the table. */
  readonly partitions: readonly GptPartitionPlan[];
  /** At most 440 bytes for the protective MBR, run by a BIOS. */
  readonly bootCode?: Uint8Array;
  /** Bytes that every partition start is a multiple of; 1 MiB by default, at least 512. */
  readonly alignment?: number;
  /** First sector that partitions may use; 34 by default, which is where the table ends. */
  readonly firstUsableLba?: number;
}

/** A planned partition in its place. */
export interface PlacedGptPartition extends GptPartition {
  readonly content: Layout | ByteSource | undefined;
}

/** The parts of a GPT disk that are not partitions. */
export interface GptTables {
  /** Protective MBR, primary header and entries: sectors 0 to 33, 17 KiB. */
  readonly primary: Extent;
  /** Entries and backup header: the last 33 sectors. */
  readonly backup: Extent;
  readonly partitions: readonly PlacedGptPartition[];
}

/** A partition table as {@link readGpt} found it. */
export interface Gpt {
  readonly diskGuid: string;
  readonly firstUsableLba: number;
  readonly lastUsableLba: number;
  /** Used entries with their place in the table, counted from 1 as the tools do. */
  readonly partitions: readonly (GptPartition & { readonly number: number })[];
  /** What a hybrid MBR shows beside its protective record to those who do not read GPT; usually nothing. */
  readonly hybrid: readonly MbrPartition[];
}
