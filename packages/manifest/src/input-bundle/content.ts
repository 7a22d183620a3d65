// SPDX-License-Identifier: Apache-2.0
import { type Inspection, requireInitramfs, requireKernel } from '@latticra/disk-image/inspect';

/** The inputs that are looked into; the root file system is read to its end instead. */
export type LookedInto = 'kernel' | 'initramfs';

/** What these inputs have to be. */
export const REQUIRE_INPUT: Readonly<Record<LookedInto, (inspection: Inspection) => unknown>> = {
  kernel: requireKernel,
  initramfs: requireInitramfs,
};
