// SPDX-License-Identifier: Apache-2.0

/** How long a serial log may become, in bytes: a seed writes some hundred, a talkative kernel some ten thousand. */
export const MAX_SERIAL_BYTES = 4 << 20;

/** How long what QEMU itself prints may become, in bytes. */
export const MAX_LOG_BYTES = 1 << 20;
