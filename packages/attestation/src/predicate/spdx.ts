// SPDX-License-Identifier: Apache-2.0
import { checkSbom } from '@latticra/sbom';
import { refuse } from '../error.js';
import { type JsonObject, readJson, type Shape } from '../json.js';
import { type Statement, type Subject, statementOf } from '../statement/statement.js';
import { PREDICATE_TYPE } from './types.js';

/**
 * Makes the statement of what is in files: the whole document of SPDX 2.3 is the predicate.
 * @param sbom its bytes, which have to obey the standard
 * @throws AttestationError `not-json`, `not-a-statement`
 */
export function spdxStatement(files: readonly Subject[], sbom: Uint8Array): Statement {
  assertSpdx(sbom);
  return statementOf(files, PREDICATE_TYPE.spdx, readJson(sbom, 'the SBOM') as JsonObject);
}

/** Returns the document of a predicate, as bytes. @throws AttestationError `not-a-statement` for one that breaks SPDX 2.3 */
export function readSpdx(predicate: Shape): Uint8Array {
  const bytes = Buffer.from(
    JSON.stringify(Object.fromEntries(predicate.keys.map((key) => [key, predicate.get(key)]))),
  );
  assertSpdx(bytes);
  return bytes;
}

function assertSpdx(bytes: Uint8Array): void {
  const { findings } = checkSbom(bytes);
  const first = findings.find(({ level }) => level === 'error');
  if (first === undefined) return;
  throw refuse(
    'not-a-statement',
    `the SBOM breaks clause ${first.clause} of SPDX 2.3 at ${first.pointer === '' ? 'its root' : first.pointer}: ${first.message}`,
    'see latticra-os-image-sbom-check',
  );
}
