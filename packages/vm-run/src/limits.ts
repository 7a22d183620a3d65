// SPDX-License-Identifier: Apache-2.0

/** The longest serial log, in bytes: a seed writes some hundred, a talkative kernel some ten thousand. */
export const MAX_SERIAL_BYTES = 4 << 20;

/** The longest output of QEMU itself, in bytes. */
export const MAX_LOG_BYTES = 1 << 20;

/**
 * The size at which the kernel stops any file that QEMU writes, in bytes: logs are looked at now and then, and a
 * flood must not fill the disk in between. A variable store has at most 528 KiB, a screenshot seldom one MiB.
 */
export const MAX_FILE_BYTES = 8 << 20;

/** The same for a machine that may write to its disk: QEMU keeps all of that in one file, in the run's private folder. */
export const MAX_SNAPSHOT_BYTES = 1 << 30;
