// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import { ManifestError } from './error.js';

/** @throws ManifestError `manifest` when a field that has one possible value has another */
export function expectValue(key: string, found: string, expected: string): void {
  if (found !== expected) {
    throw new ManifestError(
      'manifest',
      `${key}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
    );
  }
}

/** The value, unless it is empty. @throws ManifestError `manifest` */
export function nonEmpty(key: string, value: string): string {
  if (value === '') throw new ManifestError('manifest', `${key}: expected a value, or none, found nothing`);
  return value;
}

/** @throws ManifestError `manifest` for a document with sections, where a manifest has none */
export function expectNoSections(document: EvidenceDocument): void {
  if (document.sections[0] !== undefined) {
    throw new ManifestError('manifest', `[${document.sections[0].name}]: expected no sections`);
  }
}
