// SPDX-License-Identifier: Apache-2.0
import { withoutStamp } from './kernel-line.js';

/** The parts of a boot, in their order, that a log tells apart by its lines. */
export const BOOT_PHASES = ['firmware', 'loader', 'kernel', 'init'] as const;

/** One part of a boot. */
export type BootPhase = (typeof BOOT_PHASES)[number];

/** The lines by which each part is known; each is looked for from the beginning of a line. */
const FIRST_LINES: Record<BootPhase, RegExp> = {
  firmware: /^(?:SeaBIOS \(|BdsDxe: |iPXE|UEFI Interactive Shell)/,
  loader:
    /^(?:LATTICRA_LOADER|\s*(?:Welcome to GRUB!|GRUB |Booting [`'"]|Loading (?:Linux|initial ramdisk)|(?:ISO|SYS|EXT|PXE)LINUX |systemd-boot)|EFI stub: )/,
  kernel: /^(?:Linux version \d|LATTICRA_BOOT_SEED_OK$)/,
  init: /^(?:Run \/\S* as init process|systemd\[1\]: )/,
};

/** Where parts begin: the line, counted from 0, of each that is known by one. */
export type PhaseLines = Partial<Record<BootPhase, number>>;

/** Returns the part of a boot that a line is known by; undefined for a line that any part may write. */
function phaseOf(line: string): BootPhase | undefined {
  const text = withoutStamp(line);
  return BOOT_PHASES.find((phase) => FIRST_LINES[phase].test(text));
}

/**
 * Finds the line that each part of a boot begins with. A boot goes forward: a line of an earlier part, behind one of a later,
 * is something that is merely said.
 */
export function findPhases(lines: readonly string[]): PhaseLines {
  const found: PhaseLines = {};
  let next = 0;
  for (const [index, line] of lines.entries()) {
    if (next === BOOT_PHASES.length) break;
    const phase = phaseOf(line);
    const order = phase === undefined ? -1 : BOOT_PHASES.indexOf(phase);
    if (phase === undefined || order < next) continue;
    found[phase] = index;
    next = order + 1;
  }
  return found;
}
