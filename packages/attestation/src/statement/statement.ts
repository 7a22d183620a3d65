// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { refuse } from '../error.js';
import { type JsonObject, readJson, Shape } from '../json.js';
import { sha256Of } from './digest-set.js';
import { type ResourceDescriptor, readResource } from './resource.js';

/** The version of statement that is read and written. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** As many subjects as are taken. */
const MAX_SUBJECTS = 10_000;

/** A file that a statement is about. */
export interface Subject {
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** An in-toto statement, as it is written. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** An in-toto statement that was read. */
export interface ReadStatement {
  readonly subjects: readonly ResourceDescriptor[];
  readonly predicateType: string;
  /** The predicate; an empty one where there is none. */
  readonly predicate: Shape;
}

/** Makes a statement about files. */
export function statementOf(
  subjects: readonly Subject[],
  predicateType: string,
  predicate: JsonObject,
): Statement {
  const subject = subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  return { _type: STATEMENT_TYPE, subject, predicateType, predicate };
}

/**
 * Reads a statement (in-toto attestation framework, statement.md). Members that it does not know are passed over.
 * @throws AttestationError `not-json`, `statement-type`, `not-a-statement`, `bad-digest`, `weak-digest`
 */
export function parseStatement(bytes: Uint8Array): ReadStatement {
  const shape = new Shape(readJson(bytes, 'the statement'), 'not-a-statement');
  const type = shape.text('_type');
  if (type !== STATEMENT_TYPE) {
    throw refuse(
      'statement-type',
      `a statement of the type ${quoteText(type)}, expected ${STATEMENT_TYPE}`,
      'have it made again by a tool that writes statements of version 1',
    );
  }
  const predicateType = shape.text('predicateType');
  if (!/^[a-z][a-z0-9+.-]*:./i.test(predicateType)) shape.bad('predicateType', 'an address');
  const found = shape.shapes('subject');
  if (found.length === 0 || found.length > MAX_SUBJECTS) {
    shape.bad('subject', `1 to ${MAX_SUBJECTS} of them`);
  }
  const subjects = found.map(readSubject);
  for (const member of ['name', 'uri'] as const) {
    const names = subjects.flatMap((subject) => subject[member] ?? []);
    if (new Set(names).size < names.length) shape.bad('subject', `each ${member} once`);
  }
  return {
    subjects,
    predicateType,
    predicate: new Shape(shape.get('predicate') ?? {}, 'not-a-statement', 'predicate'),
  };
}

function readSubject(shape: Shape): ResourceDescriptor {
  if (shape.get('digest') === undefined) shape.bad('digest', 'the digests of a subject');
  const subject = readResource(shape);
  if (sha256Of(subject.digest) !== undefined) return subject;
  throw refuse(
    'weak-digest',
    `${shape.place}: a subject without a sha256: no other digest counts here`,
    'have it made again, with the sha256 of the file',
  );
}
