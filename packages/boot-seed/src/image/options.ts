// SPDX-License-Identifier: Apache-2.0
import type { SeedParts } from '../seed/parts.js';

/** The inputs that decide every byte of an image. */
export interface BootImageOptions {
  /** Any kernel that `assertBootable` accepts. */
  readonly kernel: Uint8Array;
  /** Passed to the kernel by either loader: at most 255 printable ASCII characters; empty by default. */
  readonly commandLine?: string;
  /** Every date in the image, in seconds since 1970 (SOURCE_DATE_EPOCH); 0 by default. */
  readonly epoch?: number;
  /** The loaders; those that ship by default. */
  readonly parts?: SeedParts;
}
