// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { ExtractedLicence } from './package.js';

/**
 * Makes the entry of a licence without an SPDX identifier. The digest of its text is in the id: the same name stands
 * for different texts in different packages.
 */
export function extractedLicence(name: string, text: string): ExtractedLicence {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const word = name
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return { id: `LicenseRef-${word || 'licence'}-${digest}`, name, text };
}
