// SPDX-License-Identifier: Apache-2.0

/** The end that a boot has to come to. */
export type ExpectedEnd =
  /** The guest ends the machine; never with 0, which a triple fault has too. */
  | { readonly kind: 'exit'; readonly code: number }
  /** We stop the machine: at one of these lines, where they are named, else at anything that is expected. */
  | { readonly kind: 'stopped'; readonly at?: readonly string[] };

/** The requirements on log and end of a boot, of any system. */
export interface BootExpectation {
  readonly kind: 'boot';
  /** Lines that each appear in the log exactly once, as a whole line. */
  readonly lines: readonly string[];
  /** Beginnings that only an expected line may have: `BUILD_ID ` excludes every other build id. */
  readonly reserved: readonly string[];
  /** Texts that lines have to hold, anywhere. */
  readonly contains?: readonly string[];
  /** Patterns that lines have to have, anywhere; see `linePattern`. */
  readonly patterns?: readonly string[];
  /** The end of the last line, which is not ended: `login: `. */
  readonly prompt?: string | undefined;
  /** The build id on the command line that Linux prints, as `latticra.build=<id>`; no other may stand in the log. */
  readonly buildId?: string | undefined;
  /** Patterns that no line has, beside those that none of a good boot has: a panic, an emergency shell. */
  readonly forbidden: readonly string[];
  /** Whether a service that failed counts against the boot: a line with `[FAILED]`. */
  readonly forbidServices?: boolean;
  /** Undefined where nobody wrote down how it ended: then the log alone is judged. */
  readonly end: ExpectedEnd | undefined;
}

/** The requirement that UEFI firmware refuses an image, such as an unsigned loader under secure boot. */
export interface RefusalExpectation {
  readonly kind: 'refusal';
  /**
   * Beginnings of lines which show that something of the image ran all the same: those of the loader, the sentinel,
   * the build id.
   */
  readonly neverStarted: readonly string[];
  /** What a boot of the image would have shown, of which nothing may be there. */
  readonly unseen?: BootExpectation;
}

/** The requirements that a boot is judged by. */
export type Expectation = BootExpectation | RefusalExpectation;

/** What a boot of any system has to show, as a person writes it down. */
export interface SystemExpectation {
  readonly lines: readonly string[];
  readonly contains: readonly string[];
  readonly patterns: readonly string[];
  readonly prompt: string | undefined;
  /** Patterns, beside those that nobody can take away. */
  readonly forbid: readonly string[];
  readonly forbidServices: boolean;
  readonly buildId: string | undefined;
  /** The exit code by which the guest ends QEMU; where it is undefined, we end QEMU once all was seen. */
  readonly exitCode: number | undefined;
}

/** An expectation that says nothing, to say something in its place. */
export const NOTHING_EXPECTED: SystemExpectation = {
  lines: [],
  contains: [],
  patterns: [],
  prompt: undefined,
  forbid: [],
  forbidServices: false,
  buildId: undefined,
  exitCode: undefined,
};

/** Makes the requirements of what a person wrote down. */
export function systemExpectation(system: SystemExpectation): BootExpectation {
  const { lines, contains, patterns, prompt, forbid, forbidServices, buildId, exitCode } = system;
  return {
    kind: 'boot',
    lines,
    reserved: [],
    contains,
    patterns,
    prompt,
    buildId,
    forbidden: forbid,
    forbidServices,
    end: exitCode === undefined ? { kind: 'stopped' } : { kind: 'exit', code: exitCode },
  };
}

/** The marks by which a boot seed is recognised. */
export interface SeedExpectation {
  /** A text that the seed writes as a line of its own. */
  readonly sentinel: string;
  /** The text before the build id on its line. */
  readonly buildIdPrefix: string;
  /** The build id of the kernel in the image. */
  readonly buildId: string;
  /**
   * Exit code of the machine. `stopped` for a machine without isa-debug-exit, which was stopped at the line of its build
   * id; `unrecorded` where only the log is there to be judged.
   */
  readonly exitCode: number | 'stopped' | 'unrecorded';
}

/** Makes the expectation of the seed's boot: sentinel and build id, once each, and no other build id. */
export function seedExpectation(seed: SeedExpectation): BootExpectation {
  const { sentinel, buildIdPrefix, buildId, exitCode } = seed;
  const identity = buildIdPrefix + buildId;
  const log = {
    ...systemExpectation({ ...NOTHING_EXPECTED, lines: [sentinel, identity] }),
    reserved: [buildIdPrefix],
  };
  if (exitCode === 'unrecorded') return { ...log, end: undefined };
  if (exitCode === 'stopped') return { ...log, end: { kind: 'stopped', at: [identity] } };
  return { ...log, end: { kind: 'exit', code: exitCode } };
}
