// SPDX-License-Identifier: Apache-2.0
import type { Pin } from '@latticra/attestation';
import type { RecordedSource } from '@latticra/evidence-format/define';
import type { LentFiles } from '@latticra/held-files/anchor';
import type { SourceTagStatus, Tracker } from '@latticra/manifest';
import type { SignerPolicy } from '@latticra/signature';
import type { Environment } from '@latticra/toolchain';

/** What is evaluated, and whose signatures count. */
export interface EvaluateOptions {
  /** Absolute. */
  readonly evidenceDir: string;
  /** Absolute; undefined where no field but those that say so need a review. */
  readonly reviewsDir?: string | undefined;
  /** Files of the evidence that lie elsewhere, by their paths in it; none unless given. */
  readonly lent?: LentFiles | undefined;
  /** The manifest of the release, by its path in the evidence; the only release there is where undefined. */
  readonly artifactManifest?: string | undefined;
  /** Undefined where nobody's signature counts. */
  readonly policy?: SignerPolicy | undefined;
  /** Which builder has which key; undefined where no builder but our own records counts. */
  readonly pins?: readonly Pin[] | undefined;
  readonly pinsSha256?: string | undefined;
  /** Digests of the lists that the policy was read from. */
  readonly allowedSignersSha256?: string | undefined;
  readonly revokedKeysSha256?: string | undefined;
  /** The time at which keys have to be valid, which the policy has as well. */
  readonly at: Date;
  /**
   * Asks the repository at hand whether the tag of a build stands for its commit; nobody is asked unless given, and it is not known.
   * @throws Failure where it stands for another one
   */
  readonly checkTag?: (source: RecordedSource) => Promise<SourceTagStatus>;
  /** Where the programs are sought that made a boot seed, to make it again: by this process's environment unless given. */
  readonly env?: Environment;
  readonly tracker?: Tracker;
  readonly signal?: AbortSignal;
}

/** Options with what was left out. */
export type WholeOptions = EvaluateOptions &
  Required<Pick<EvaluateOptions, 'checkTag' | 'env' | 'tracker' | 'signal'>>;

/** Returns options with a default for what was left out. */
export function wholeOptions(given: EvaluateOptions): WholeOptions {
  const {
    checkTag = async () => 'unknown' as const,
    env = process.env,
    tracker = { track: (_label, work) => work(() => undefined) },
    signal = new AbortController().signal,
  } = given;
  return { ...given, checkTag, env, tracker, signal };
}
