// SPDX-License-Identifier: Apache-2.0
import { type LinePattern, linePattern } from './line-pattern.js';
import { finderOf } from './pattern/match.js';
import { parsePattern } from './pattern/parse.js';
import { compile } from './pattern/program.js';

/**
 * What no boot says that went well, in the words of those who say it. Nobody can take one of these away: an expectation only
 * adds to them.
 */
const NEVER: readonly string[] = [
  // Linux
  'Kernel panic',
  'Oops:',
  'device-mapper: verity: .*is corrupted',
  'invoked oom-killer|Out of memory: Kill',
  '\\[1\\]:? (segfault|general protection|trap )',
  // systemd as process 1
  'systemd\\[1\\]: (Caught <|Freezing execution)',
  '[Ee]mergency ([Ss]hell|[Mm]ode)|You are in (emergency|rescue) mode',
  '(Press Enter|Give root password) for maintenance',
  // dracut, initramfs-tools, mkinitfs
  'dracut:/.*#|Dropping to debug shell|rdsosreport\\.txt',
  '\\(initramfs\\)|Dropping to a shell!|Gave up waiting for root',
  'recovery shell launched',
  // The loaders: ours, GRUB, the kernel's own stub, SYSLINUX, the firmware that has nothing to start
  'LATTICRA_LOADER_ERROR',
  'grub rescue>',
  // A module, font or translation that GRUB tries and does not find stops no boot.
  '^error: file .*/(vmlinu|linux|kernel|bzImage|initrd|initramfs)[^/]* not found',
  '^error: (no such (device|partition|disk)|unknown filesystem|you need to load the kernel first|out of memory|attempt to read|premature end|invalid (magic|arch|file)|bad shim|prohibited by|verification|couldn.t|failure reading)',
  'EFI stub: ERROR',
  'Could not find kernel image|No DEFAULT or UI configuration directive found',
  'No bootable (device|option)',
];

/** What systemd says of a unit that failed; OpenRC and others have their own words. */
const SERVICES = '\\[FAILED\\]';

/** All of them in one automaton, so that a log is read once for them; they are ours, and may be longer than others'. */
const isNever = finderOf(compile({ kind: 'choice', parts: NEVER.map(parsePattern) }, 4096));

/** The test of {@link SERVICES}, once it was made. */
let isFailedService: LinePattern | undefined;

/**
 * Makes the test of what a log must not have: what never is in a good one, and the patterns of an expectation.
 * @throws VmRunError `bad-pattern`
 */
export function forbiddenIn(patterns: readonly string[], services: boolean): LinePattern {
  const others = patterns.map(linePattern);
  if (services) {
    isFailedService ??= linePattern(SERVICES);
    others.unshift(isFailedService);
  }
  return (line) => isNever(line) || others.some((matches) => matches(line));
}
