// SPDX-License-Identifier: Apache-2.0
import type { Section } from '@latticra/evidence-format';

/** A reason longer than this says nothing more, and might not fit into a line. */
const MAX_REASON = 1000;

/** Makes the section that lists what is missing, as `missing_01` and so on; none where nothing is missing. */
export function missingSections(name: string, missing: readonly string[]): Section[] {
  if (missing.length === 0) return [];
  const fields = missing.map((reason, index) => ({
    key: `missing_${String(index + 1).padStart(2, '0')}`,
    value: reason.length > MAX_REASON ? `${Array.from(reason).slice(0, MAX_REASON).join('')}…` : reason,
  }));
  return [{ name, fields }];
}
