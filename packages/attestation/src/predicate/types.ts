// SPDX-License-Identifier: Apache-2.0

/** The kinds of predicates that are read and written, by the names of their documents. */
export const PREDICATE_TYPE = {
  /** How something was built (SLSA v1.1). */
  provenance: 'https://slsa.dev/provenance/v1',
  /** What came of tests; here, of boots. */
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  /** A whole document of SPDX 2.3. */
  spdx: 'https://spdx.dev/Document/v2.3',
  /** Which properties a verifier found. */
  verification: 'https://in-toto.io/attestation/svr/v0.2',
  /** What a verifier of SLSA's found; read, and never written. */
  summary: 'https://slsa.dev/verification_summary/v1',
} as const;

/** The older name of {@link PREDICATE_TYPE}'s `spdx`. */
export const OLDER_SPDX = 'https://spdx.dev/Document';

/** A kind of predicate by its short name. */
export type PredicateName = keyof typeof PREDICATE_TYPE;

/** Returns the short name of a predicate's type; undefined for one that is not known. */
export function predicateNamed(type: string): PredicateName | undefined {
  if (type === OLDER_SPDX) return 'spdx';
  return (Object.keys(PREDICATE_TYPE) as PredicateName[]).find((name) => PREDICATE_TYPE[name] === type);
}
