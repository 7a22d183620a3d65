// SPDX-License-Identifier: Apache-2.0
import {
  AttestationError,
  type BuilderProvenance,
  openBuilderAttestation,
  type Pin,
  splitEnvelopes,
} from '@latticra/attestation';
import { SEED_BUILD_TYPE } from '@latticra/boot-seed';
import { BUILD_TYPE } from '@latticra/linux-release';
import { PromotionError } from '../error.js';

/** What a file of attestations says, as far as a promotion asks. */
export interface AttestationFacts {
  /** What builders say whose id is pinned to their key. */
  readonly provenances: readonly BuilderProvenance[];
  /** Why what else is in the file counts for nothing, each in a sentence. */
  readonly others: readonly string[];
}

/** Tells an envelope of DSSE, or what carries one, by how it begins and the member that none goes without. */
export function isAttestation(text: string): boolean {
  return /^\s*\{/.test(text) && /"payload(?:Type)?"\s*:/.test(text);
}

/**
 * Verifies the attestations in a file.
 * @param pins undefined where nobody said which builder has which key
 * @throws PromotionError `bad-evidence` naming the code of the first that does not hold, and its line where there are several
 */
export function readAttestations(
  name: string,
  bytes: Uint8Array,
  pins: readonly Pin[] | undefined,
): AttestationFacts {
  if (pins === undefined)
    return {
      provenances: [],
      others: ['an attestation of nobody who is known: with --pins a builder counts by its id and key'],
    };
  const provenances: BuilderProvenance[] = [];
  const others: string[] = [];
  const envelopes = named(name, () => splitEnvelopes(bytes));
  for (const [index, envelope] of envelopes.entries()) {
    const place = envelopes.length === 1 ? name : `${name}, line ${index + 1}`;
    const found = named(place, () => openBuilderAttestation(envelope, pins, [BUILD_TYPE, SEED_BUILD_TYPE]));
    if (found.kind === 'provenance') provenances.push(found.provenance);
    else
      others.push(
        `an attestation of the kind ${found.kind}: what it says is looked for in the evidence itself`,
      );
  }
  return { provenances, others };
}

function named<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    const { code, message, fix } = cause;
    throw new PromotionError('bad-evidence', `${place}: ${code}: ${message}`, {
      cause,
      ...(fix !== undefined && { fix }),
    });
  }
}
