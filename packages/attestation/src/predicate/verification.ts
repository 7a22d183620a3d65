// SPDX-License-Identifier: Apache-2.0
import type { Shape } from '../json.js';
import { type ResourceDescriptor, readResource } from '../statement/resource.js';
import { type Statement, type Subject, statementOf } from '../statement/statement.js';
import { PREDICATE_TYPE } from './types.js';

/** What an evaluation of a promotion came to. */
export interface EvaluatedPromotion {
  /** The files that it is about. */
  readonly subjects: readonly Subject[];
  /** Who evaluated, as an address. */
  readonly verifierId: string;
  /** By which policy, each by its digest. */
  readonly policies: readonly Subject[];
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly timeCreated: string;
  /** The names of the fields that are satisfied; those that are not are simply not there. */
  readonly satisfied: readonly string[];
}

/**
 * Makes the statement of what an evaluation found, as in-toto's Simple Verification Result v0.2. It names what is satisfied, and
 * never says that anything passed: readiness is for a person to claim.
 */
export function verificationStatement(found: EvaluatedPromotion): Statement {
  return statementOf(found.subjects, PREDICATE_TYPE.verification, {
    verifier: {
      id: found.verifierId,
      policies: found.policies.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    },
    timeCreated: found.timeCreated,
    properties: [...new Set(found.satisfied)].sort(),
  });
}

/** What a verification result says. */
export interface VerificationResult {
  readonly verifierId: string;
  readonly policies: readonly ResourceDescriptor[];
  readonly timeCreated: string;
  readonly properties: readonly string[];
}

/** Reads a verification result. @throws AttestationError `not-a-statement`, `bad-digest` */
export function readVerification(predicate: Shape): VerificationResult {
  const verifier = predicate.shape('verifier');
  return {
    verifierId: verifier.text('id'),
    policies: verifier.shapes('policies').map(readResource),
    timeCreated: timeIn(predicate, 'timeCreated'),
    properties: predicate.texts('properties'),
  };
}

/** Reads a time of RFC 3339 in UTC. @throws AttestationError `not-a-statement` */
export function timeIn(shape: Shape, name: string): string {
  const text = shape.text(name);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
  return isTime ? text : shape.bad(name, 'a time of UTC, as 2026-01-31T12:00:00Z');
}
