// SPDX-License-Identifier: Apache-2.0
import { readEvidence, renderReport } from '@latticra/evidence-report';
import type { BundlePage } from '@latticra/operator-bundle';
import { version } from '../../package.json';

/** Shows a bundle as one page, which lies in it. */
export const bundlePage: BundlePage = {
  version,
  make: async (folder, leaveOut, known) => renderReport(await readEvidence(folder, { leaveOut, known })),
};
