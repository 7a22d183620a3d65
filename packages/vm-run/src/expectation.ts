// SPDX-License-Identifier: Apache-2.0

/** The end that a boot has to come to. */
export type ExpectedEnd =
  /** The guest ends the machine; never with 0, which a triple fault has too. */
  | { readonly kind: 'exit'; readonly code: number }
  /** We stop the machine, at one of these lines. */
  | { readonly kind: 'stopped'; readonly at: readonly string[] };

/** The requirements on log and end of a boot, of any system. */
export interface BootExpectation {
  readonly kind: 'boot';
  /** Lines that each appear in the log exactly once, as a whole line. */
  readonly lines: readonly string[];
  /** Beginnings that only an expected line may have: `BUILD_ID ` excludes every other build id. */
  readonly reserved: readonly string[];
  /** Texts that no line holds anywhere, such as `Kernel panic`. */
  readonly forbidden: readonly string[];
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
}

/** The requirements that a boot is judged by. */
export type Expectation = BootExpectation | RefusalExpectation;

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
    kind: 'boot',
    lines: [sentinel, identity],
    reserved: [buildIdPrefix],
    forbidden: [],
  } as const;
  if (exitCode === 'unrecorded') return { ...log, end: undefined };
  if (exitCode === 'stopped') return { ...log, end: { kind: 'stopped', at: [identity] } };
  return { ...log, end: { kind: 'exit', code: exitCode } };
}
