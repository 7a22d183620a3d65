// SPDX-License-Identifier: Apache-2.0
import { type Evaluation, FIELD_NAMES, formatNext } from '@latticra/promotion';

const INDENT = ' '.repeat(7);

/**
 * Writes what an evaluation found, one short line a field; below one that is open what it needs, and what to type next.
 * @param folder the one of evidence, as it is named from where the rehearsal was started
 */
export function boardLines({ outcomes }: Pick<Evaluation, 'outcomes'>, folder: string): string[] {
  const held = FIELD_NAMES.filter((name) => outcomes[name].evidence !== undefined).length;
  return [
    `Promotion board: ${held} of ${FIELD_NAMES.length} fields hold`,
    ...FIELD_NAMES.flatMap((name) => {
      const { evidence, missing, next } = outcomes[name];
      if (evidence !== undefined) return [`  held ${name}`];
      return [`  open ${name}`, `${INDENT}needs ${missing}`, `${INDENT}type  ${formatNext(next, folder)}`];
    }),
  ];
}
