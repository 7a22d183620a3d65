// SPDX-License-Identifier: Apache-2.0

/** Something that a tool may one day be allowed to do. Today it is a candidate: known by name, and denied. */
export interface Capability {
  readonly name: string;
  /** The boundary up to which it would reach. */
  readonly scope: 'tool-boundary' | 'evidence-boundary' | 'runtime-boundary';
  /** The effect that it would have on the machine. */
  readonly effectClass: 'none';
}

/** The candidates that are known. */
export const CAPABILITIES: readonly Capability[] = [
  { name: 'seal.capability.inspect', scope: 'tool-boundary', effectClass: 'none' },
  { name: 'seal.capability.report', scope: 'evidence-boundary', effectClass: 'none' },
  { name: 'seal.capability.dry_run', scope: 'runtime-boundary', effectClass: 'none' },
];

/**
 * - `known`: one of the candidates.
 * - `unknown`: a name that none of them has.
 * - `missing`: none was named.
 * - `invalid`: no name: other characters than a name has, no dot, or longer than 128.
 */
export type CapabilityStatus = 'known' | 'unknown' | 'missing' | 'invalid';

/** The reasons why a capability is denied, by how much is known of it. */
const REASONS = {
  known: 'a-report-grants-nothing',
  unknown: 'not-a-known-capability',
  missing: 'no-capability-named',
  invalid: 'not-a-capability-name',
} as const satisfies Record<CapabilityStatus, string>;
/** The reason of a denial, as reports give it. */
export type DenialReason = (typeof REASONS)[CapabilityStatus];

/** The verdict on a capability that somebody asks for. There is none that allows one. */
export interface CapabilityVerdict {
  readonly status: CapabilityStatus;
  /** The name that was asked for; `none` or `invalid`, which are no names, where there is none to show. */
  readonly requested: string;
  readonly scope: Capability['scope'] | 'unknown';
  readonly effectClass: Capability['effectClass'] | 'unknown';
  readonly reason: DenialReason;
}

/** The form of a name, at least two words joined by dots: what is no name is never repeated in a document. */
const NAME = /^(?=.{3,128}$)[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/;

/**
 * Judges a capability by its name alone.
 *
 * @example
 * import { judgeCapability } from '@latticra/seal-reports';
 *
 * const { status, reason } = judgeCapability('seal.capability.inspect');
 * console.log(status, reason); // known a-report-grants-nothing
 *
 * @param name as it was asked for; undefined when none was
 */
export function judgeCapability(name: string | undefined): CapabilityVerdict {
  const verdict = (
    status: CapabilityStatus,
    requested: string,
    { scope, effectClass }: Pick<CapabilityVerdict, 'scope' | 'effectClass'>,
  ): CapabilityVerdict => ({ status, requested, scope, effectClass, reason: REASONS[status] });
  const nothing = { scope: 'unknown', effectClass: 'unknown' } as const;
  if (name === undefined) return verdict('missing', 'none', nothing);
  if (!NAME.test(name)) return verdict('invalid', 'invalid', nothing);
  const known = CAPABILITIES.find((capability) => capability.name === name);
  return known === undefined ? verdict('unknown', name, nothing) : verdict('known', name, known);
}
