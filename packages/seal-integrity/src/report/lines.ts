// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { CHECKS } from './checks.js';
import { type Findings, statusOf } from './findings.js';

/** Writes what the report says for people: one line each, the status last. */
export function reportLines(findings: Findings): string[] {
  const { changes } = findings;
  return [
    ...findings.results.filter(([, result]) => result === 'pass').map(([check]) => `PASS: ${CHECKS[check]}`),
    ...(changes?.added ?? []).map((path) => `ADDED: ${path}`),
    ...(changes?.modified ?? []).map((path) => `MODIFIED: ${path}`),
    ...(changes?.removed ?? []).map((path) => `REMOVED: ${path}`),
    ...findings.warnings.map((reason) => `WARN: ${reason}`),
    ...findings.failures.map((reason) => `FAIL: ${reason}`),
    `STATUS: ${statusOf(findings)}`,
  ].map(escapeControls);
}
