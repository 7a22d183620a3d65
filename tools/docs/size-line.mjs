// SPDX-License-Identifier: Apache-2.0
/** The line by which the page of a library says how large it is: unpacked, and its main entry in a bundle, in thousands of bytes. */
export const SIZE_LINE = /^Size: (\d+) kB unpacked, (\d+) kB/m;
