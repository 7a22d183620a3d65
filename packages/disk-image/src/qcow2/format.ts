// SPDX-License-Identifier: Apache-2.0
/**
 * Constants of the qcow2 format (QEMU, docs/interop/qcow2.txt). All integers of the format are big-endian.
 * Table entries are 64 bits wide with flags at both ends, so they are handled as bigint.
 */
export const MAGIC = 0x514649fb; // 'QFI\xfb'

/** Set in an L1 or L2 entry when the cluster it points to has a reference count of exactly one. */
export const COPIED = 1n << 63n;
/** L2 entry: the cluster is stored compressed, and the other bits have another layout. */
export const COMPRESSED = 1n << 62n;
/** L2 entry, version 3: the cluster reads as zeros, whatever it points to. */
export const ALL_ZEROS = 1n;
/** Bits 9 to 55: where a table entry keeps the host offset. */
export const OFFSET_MASK = 0x00ff_ffff_ffff_fe00n;

/** Limit of QEMU (QCOW_MAX_L1_SIZE): an L1 table has at most 32 MiB. */
export const MAX_L1_ENTRIES = (32 << 20) / 8;
/** Limit of QEMU (QCOW_MAX_REFTABLE_SIZE): a refcount table has at most 8 MiB. */
export const MAX_REFCOUNT_TABLE = 8 << 20;
/** Limit of QEMU (QCOW_MAX_SNAPSHOTS). */
export const MAX_SNAPSHOTS = 65536;
