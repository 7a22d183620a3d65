// SPDX-License-Identifier: Apache-2.0

/** How a boot has to end. */
export type ExpectedEnd =
  /** By itself; never with 0, which a triple fault has too. */
  | { readonly kind: 'exit'; readonly code: number }
  /** Stopped by us, at one of these lines. */
  | { readonly kind: 'stopped'; readonly at: readonly string[] };

/** What log and end of a boot have to show, of whatever system. */
export interface BootExpectation {
  readonly kind: 'boot';
  /** Each stands in the log as a whole line of its own, and once. */
  readonly lines: readonly string[];
  /** Beginnings that no other line has: `BUILD_ID ` keeps every build id out but the one that is expected. */
  readonly reserved: readonly string[];
  /** Texts that no line holds anywhere, such as `Kernel panic`. */
  readonly forbidden: readonly string[];
  /** Undefined where nobody wrote down how it ended: then the log alone is judged. */
  readonly end: ExpectedEnd | undefined;
}

/** That UEFI firmware refuses an image, as for an unsigned loader under secure boot. */
export interface RefusalExpectation {
  readonly kind: 'refusal';
  /**
   * How it would show that something of the image ran all the same: beginnings of lines, such as those of the loader, the
   * sentinel, the build id.
   */
  readonly neverStarted: readonly string[];
}

/** What a boot is held to. */
export type Expectation = BootExpectation | RefusalExpectation;

/** What a boot seed is known by. */
export interface SeedExpectation {
  /** A line of its own. */
  readonly sentinel: string;
  /** What stands on its line before the build id. */
  readonly buildIdPrefix: string;
  /** The build id of the kernel in the image. */
  readonly buildId: string;
  /**
   * Exit code of the machine. `stopped` for a machine without isa-debug-exit, which was stopped at the line of its build
   * id; `unrecorded` where only the log is there to be judged.
   */
  readonly exitCode: number | 'stopped' | 'unrecorded';
}

/** What a boot of the seed has to show: sentinel and build id, once each, and no other build id. */
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
