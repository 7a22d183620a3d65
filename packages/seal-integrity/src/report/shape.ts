// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument, Field } from '@latticra/evidence-format';
import { createLedger } from './checks.js';
import { reportDocument } from './document.js';

/** The report of nothing: every report holds what this one holds, in this order. */
const LEAST = reportDocument({
  command: 'check',
  timestamp: '1970-01-01T00:00:00Z',
  root: '/',
  kernel: '',
  os: '',
  anchoring: 'none',
  isManifestPresent: false,
  isLockPresent: false,
  results: createLedger().results(),
  failures: [],
  warnings: [],
  changes: undefined,
  manifestSha256: undefined,
  rootDigest: undefined,
  hashedFiles: 0,
  hashList: undefined,
  modes: undefined,
  temporaries: undefined,
});

/** A line of a list, or how many there was no room for. */
const LISTED = /_(?:\d{6}|not_listed)$/;

/**
 * Returns why a document is no whole report of Seal, or undefined where it is one: what was cut off between two lines
 * of a document is a document still.
 */
export function reportProblem(document: EvidenceDocument): string | undefined {
  if (document.title !== LEAST.title) return `expected the title ${LEAST.title}`;
  if (keys(document.fields) !== keys(LEAST.fields)) return `expected the fields ${keys(LEAST.fields)}`;
  if (names(document) !== names(LEAST)) return `expected the sections ${names(LEAST)}`;
  for (const [index, { name, fields }] of LEAST.sections.entries()) {
    // Of failures, warnings, changes and modes there are as many as there were.
    const found = (document.sections[index]?.fields ?? []).filter(({ key }) => !LISTED.test(key));
    if (fields.length > 0 && keys(found) !== keys(fields)) return `[${name}]: expected ${keys(fields)}`;
  }
  const status = document.fields.find(({ key }) => key === 'status')?.value;
  return status === 'PASS' || status === 'FAIL' ? undefined : 'status: expected PASS or FAIL';
}

function keys(fields: readonly Field[]): string {
  return fields.map(({ key }) => key).join(', ');
}

function names({ sections }: EvidenceDocument): string {
  return sections.map(({ name }) => name).join(', ');
}
