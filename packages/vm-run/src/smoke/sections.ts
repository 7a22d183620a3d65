// SPDX-License-Identifier: Apache-2.0
import { type Field, fields, flag, type Section } from '@latticra/evidence-format';
import type { SystemExpectation } from '../expectation.js';
import { type BootObservation, describeEnd } from '../observation.js';
import { BOOT_PHASES } from '../phases.js';

/** Makes the sections that only the report on another system has: what it was held to, how it ended, and when its parts began. */
export function systemSections(
  { end, phases }: BootObservation,
  system: SystemExpectation,
): readonly Section[] {
  const { lines, contains, patterns, prompt, buildId, exitCode, forbid, forbidServices } = system;
  return [
    {
      name: 'expected',
      fields: [
        ...fields({
          expected_exit_code: exitCode ?? 'none',
          expected_prompt: prompt ?? 'none',
          expected_build_id: buildId ?? 'none',
          forbid_services: flag(forbidServices),
        }),
        ...numbered('expected_line', lines),
        ...numbered('expected_text', contains),
        ...numbered('expected_pattern', patterns),
        // Beside those that no expectation takes away.
        ...numbered('forbidden_pattern', forbid),
      ],
    },
    {
      name: 'boot',
      fields: fields({
        end: describeEnd(end),
        ...Object.fromEntries(
          [...BOOT_PHASES, 'end' as const].map((phase) => [`phase_${phase}_ms`, phases[phase] ?? 'unknown']),
        ),
      }),
    },
  ];
}

const numbered = (name: string, texts: readonly string[]): Field[] =>
  texts.map((value, index) => ({ key: `${name}_${String(index + 1).padStart(2, '0')}`, value }));
