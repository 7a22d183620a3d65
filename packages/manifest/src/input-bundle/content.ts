// SPDX-License-Identifier: Apache-2.0
import { type Inspection, requireInitramfs, requireKernel, requireTar } from '@latticra/disk-image/inspect';
import type { RootfsFormat } from './schema.js';

/** The inputs that are looked into; the root file system is read to its end besides. */
export type LookedInto = 'kernel' | 'initramfs';

/** What these inputs have to be. */
export const REQUIRE_INPUT: Readonly<Record<LookedInto, (inspection: Inspection) => unknown>> = {
  kernel: requireKernel,
  initramfs: requireInitramfs,
};

/**
 * Requires the archive of a root file system: tar, alone or compressed with gzip. Returns which.
 * @throws ImageError `other-format`, or the first problem of the file
 */
export function requireRootfs(inspection: Inspection): RootfsFormat {
  requireTar(inspection);
  return inspection.kind === 'compressed' ? 'tar.gz' : 'tar';
}
