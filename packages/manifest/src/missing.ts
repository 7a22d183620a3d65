// SPDX-License-Identifier: Apache-2.0
import type { Section } from '@latticra/evidence-format';

/** The section that lists what is missing, numbered; no section where nothing is. */
export function missingSections(name: string, missing: readonly string[]): Section[] {
  if (missing.length === 0) return [];
  const fields = missing.map((value, index) => ({
    key: `missing_${String(index + 1).padStart(2, '0')}`,
    value,
  }));
  return [{ name, fields }];
}
