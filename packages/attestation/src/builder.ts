// SPDX-License-Identifier: Apache-2.0

import { quoteText } from '@latticra/evidence-format';
import { type RecordedSource, UNKNOWN } from '@latticra/evidence-format/define';
import type { PublicKey } from '@latticra/signature';
import { refuse } from './error.js';
import { assertPinned, type Pin } from './pins.js';
import { PARAMETERS, type Provenance, readProvenance, SOURCE } from './predicate/provenance.js';
import type { PredicateName } from './predicate/types.js';
import { sha256Of } from './statement/digest-set.js';
import { openAttestation } from './verify.js';

/** What a builder says of a build of ours that it made: never more than tag, environment and command. */
export interface BuilderProvenance {
  readonly builderId: string;
  /** Those of the pinned keys of the builder that signed. */
  readonly keys: readonly PublicKey[];
  /** Digests of what was built: 64 hexadecimal digits each. */
  readonly subjects: readonly string[];
  readonly buildType: string;
  readonly command: string;
  readonly environment: string;
  readonly source: RecordedSource;
}

/** What an attestation is: of a build, or of another kind. */
export type OpenedAttestation =
  | { readonly kind: 'provenance'; readonly provenance: BuilderProvenance }
  | { readonly kind: Exclude<PredicateName, 'provenance'> };

/**
 * Verifies the attestation of a builder whose id is pinned to its key, whatever it is about: which of its subjects count is for the
 * caller, who has them. A build of another kind, and one with a parameter that no build of ours has, is refused.
 * @param bytes one envelope
 * @param buildTypes the kinds of builds that are known
 * @throws AttestationError of every code about envelopes, statements and builders
 */
export function openBuilderAttestation(
  bytes: Uint8Array,
  pins: readonly Pin[],
  buildTypes: readonly string[],
): OpenedAttestation {
  const { signers, kind, statement } = openAttestation(bytes, { trusted: pins.map(({ key }) => key) });
  if (kind !== 'provenance') return { kind };
  const found = readProvenance(statement.predicate);
  const { builderId, buildType } = found;
  assertPinned('builder', builderId, signers, pins);
  if (!buildTypes.includes(buildType)) {
    throw refuse(
      'build-type',
      `a build of the type ${quoteText(buildType)}, expected ${buildTypes.join(' or ')}`,
      'have it built by the lanes of these images, whose parameters are known',
    );
  }
  return {
    kind,
    provenance: {
      builderId,
      keys: signers.filter(({ fingerprint }) =>
        pins.some(({ id, key }) => id === builderId && key.fingerprint === fingerprint),
      ),
      subjects: statement.subjects.flatMap(({ digest }) => sha256Of(digest) ?? []),
      buildType,
      ...startedWith(found),
    },
  };
}

/** Reads how a build was started. @throws AttestationError `parameter`, `not-a-statement` */
function startedWith({
  externalParameters: given,
  internalParameters,
  resolvedDependencies,
}: Provenance): Pick<BuilderProvenance, 'command' | 'environment' | 'source'> {
  const [more] = given.keys.filter((name) => !PARAMETERS.some((each) => each === name));
  const lacking = PARAMETERS.find((name) => typeof given.get(name) !== 'string');
  const bad = more ?? lacking;
  if (bad !== undefined) {
    throw refuse(
      'parameter',
      `the parameter ${quoteText(bad)} is ${more === undefined ? 'no text, or missing' : 'not expected'}`,
      `have it made again, with the parameters ${PARAMETERS.join(', ')}`,
    );
  }
  const sources = resolvedDependencies.filter(({ name }) => name === SOURCE);
  const [source] = sources;
  if (sources.length > 1) given.bad('resolvedDependencies', 'one source');
  return {
    command: given.text('command'),
    environment: internalParameters?.optionalText('latticra_build_environment') ?? UNKNOWN,
    source: {
      sourceTag: given.text('source_tag'),
      sourceCommit: source?.digest?.gitCommit ?? UNKNOWN,
      sourceTagObject: source?.digest?.gitTag ?? UNKNOWN,
    },
  };
}
