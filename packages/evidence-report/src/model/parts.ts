// SPDX-License-Identifier: Apache-2.0
import { BOOT_PHASES, type BootPhase } from '@latticra/vm-run';
import type { BootPart } from './model.js';

/**
 * Makes the parts of a boot from the times at which they began. What comes before the first that said anything is the firmware's; a part
 * that is unknown leaves its time to the one before it. Without any the whole is `unrecorded`: nothing is drawn from guesses.
 * @param began returns the milliseconds from the start of QEMU at which a part began
 */
export function partsOf(began: (phase: BootPhase | 'end') => number | undefined): BootPart[] {
  const end = began('end');
  if (end === undefined) return [];
  const known = BOOT_PHASES.flatMap((phase) => {
    const from = began(phase);
    return from === undefined || from > end ? [] : [{ phase, from }];
  });
  const [first] = known;
  if (first === undefined) return [{ phase: 'unrecorded', from: 0, to: end }];
  const starts: { phase: BootPart['phase']; from: number }[] =
    first.phase === 'firmware'
      ? [{ ...first, from: 0 }, ...known.slice(1)]
      : [{ phase: 'firmware', from: 0 }, ...known];
  return starts.map(({ phase, from }, index) => ({
    phase,
    from,
    to: Math.max(from, starts[index + 1]?.from ?? end),
  }));
}
