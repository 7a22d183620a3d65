// SPDX-License-Identifier: Apache-2.0
import { findExpectationProblem } from './contradiction.js';
import { VmRunError } from './error.js';
import type { SystemExpectation } from './expectation.js';

/** The flags by which a command takes what a boot of any system has to show. */
export const EXPECT_FLAGS = {
  'expect-line': { value: 'texts', placeholder: 'line', help: 'a whole line of the serial console' },
  'expect-contains': { value: 'texts', placeholder: 'text', help: 'a text that a line holds' },
  'expect-pattern': {
    value: 'texts',
    placeholder: 'pattern',
    help: 'a regular expression over one line, without look-around and back references',
  },
  'expect-prompt': {
    value: 'text',
    placeholder: 'text',
    help: 'the end of the last line, which is not ended, such as "login: "',
  },
  'expect-build-id': {
    value: 'text',
    placeholder: 'id',
    help: "the build id on Linux's command line, as latticra.build=<id>",
  },
  'expect-exit-code': {
    value: 'integer',
    min: 1,
    max: 255,
    help: 'with which the guest ends QEMU; without it QEMU is stopped once all was seen',
  },
  forbid: {
    value: 'texts',
    placeholder: 'pattern',
    help: 'a pattern that no line may have, beside panics, Oopses, emergency shells and the like',
  },
  'forbid-services': { value: 'none', help: 'count a service that failed against the boot' },
} as const;

/** The values of these flags. */
export interface ExpectFlags {
  readonly 'expect-line': readonly string[];
  readonly 'expect-contains': readonly string[];
  readonly 'expect-pattern': readonly string[];
  readonly 'expect-prompt': string | undefined;
  readonly 'expect-build-id': string | undefined;
  readonly 'expect-exit-code': number | undefined;
  readonly forbid: readonly string[];
  readonly 'forbid-services': boolean;
}

const FLAG: Record<keyof SystemExpectation, keyof ExpectFlags> = {
  lines: 'expect-line',
  contains: 'expect-contains',
  patterns: 'expect-pattern',
  prompt: 'expect-prompt',
  buildId: 'expect-build-id',
  exitCode: 'expect-exit-code',
  forbid: 'forbid',
  forbidServices: 'forbid-services',
};

/**
 * Returns what the flags expect; undefined where none of them was given.
 * @throws VmRunError `bad-expectation` naming the flag
 */
export function readExpectFlags(flags: ExpectFlags): SystemExpectation | undefined {
  const system: SystemExpectation = {
    lines: flags['expect-line'],
    contains: flags['expect-contains'],
    patterns: flags['expect-pattern'],
    prompt: flags['expect-prompt'],
    buildId: flags['expect-build-id'],
    exitCode: flags['expect-exit-code'],
    forbid: flags.forbid,
    forbidServices: flags['forbid-services'],
  };
  const isGiven = Object.values(system).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false,
  );
  if (!isGiven) return undefined;
  const problem = findExpectationProblem(system);
  if (problem === undefined) return system;
  throw new VmRunError('bad-expectation', `--${FLAG[problem.key]}: ${problem.reason}`, {
    fix: 'name at least one --expect-line, --expect-contains, --expect-pattern, --expect-prompt or --expect-build-id',
  });
}
