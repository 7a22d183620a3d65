// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type EvidenceDocument, formatDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { capabilityMetadataDocument } from './capability-metadata.js';
import { AUTHORITY_NOT_USED, DENIAL } from './decision.js';
import { operatorReceiptDocument, type ReceiptSources } from './operator-receipt.js';
import { policyDecisionDocument } from './policy-decision.js';
import { runtimeDryRunDocument } from './runtime-dry-run.js';

const sources = (capability?: string): ReceiptSources => ({
  capabilityMetadata: capabilityMetadataDocument(capability),
  policyDecision: policyDecisionDocument(),
  runtimeDryRun: runtimeDryRunDocument(),
});
const digest = (document: EvidenceDocument) =>
  `sha256:${createHash('sha256').update(formatDocument(document)).digest('hex')}`;

/** Returns the document with its fields, at the top and in sections, put through `change`. */
function altered(
  document: EvidenceDocument,
  change: (field: { key: string; value: string }) => readonly { key: string; value: string }[],
): EvidenceDocument {
  return {
    ...document,
    fields: document.fields.flatMap(change),
    sections: document.sections.map(({ name, fields }) => ({ name, fields: fields.flatMap(change) })),
  };
}
const flipped = (value: string) => (value === '0' ? '1' : '0');
const SOURCES = ['capabilityMetadata', 'policyDecision', 'runtimeDryRun'] as const;
const EVERY_DENIAL = SOURCES.flatMap((name) =>
  Object.keys({ ...DENIAL, ...AUTHORITY_NOT_USED }).map((key) => [name, key] as const),
);

describe('operatorReceiptDocument', () => {
  it.each([undefined, 'seal.capability.report', 'tool.unknown', 'not a name'])(
    'a receipt bundles what the other three reports deny (%j)',
    (capability) => {
      const found = operatorReceiptDocument(sources(capability));
      const values = Object.fromEntries(found.fields.map(({ key, value }) => [key, value]));
      expect(values).toMatchObject({
        seal_operator_receipt_report: '1',
        seal_capability_metadata_report: '1',
        seal_policy_decision_report: '1',
        seal_runtime_dry_run_report: '1',
        operator_receipt_decision: 'denied',
        operator_receipt_source_count: '3',
        capability_metadata_sha256: digest(capabilityMetadataDocument(capability)),
        policy_decision_sha256: digest(policyDecisionDocument()),
        runtime_dry_run_sha256: digest(runtimeDryRunDocument()),
        capability_requested:
          capability === undefined ? 'none' : capability.includes(' ') ? 'invalid' : capability,
        would_allow: '0',
      });
    },
  );

  it.each(EVERY_DENIAL)('a receipt refuses a %s with another %s, or without it', (name, key) => {
    const good = sources('seal.capability.inspect');
    const other = altered(good[name], (field) =>
      field.key === key ? [{ key, value: flipped(field.value) }] : [field],
    );
    const without = altered(good[name], (field) => (field.key === key ? [] : [field]));
    const twice: EvidenceDocument = {
      ...good[name],
      fields: [
        { key, value: flipped(key in AUTHORITY_NOT_USED ? '0' : String(Reflect.get(DENIAL, key))) },
        ...good[name].fields,
      ],
    };
    for (const source of [other, without, twice]) {
      expect(() => operatorReceiptDocument({ ...good, [name]: source })).toThrow(
        expect.objectContaining({ name: 'SealReportError', code: 'source-allows', kind: 'data' }),
      );
    }
  });

  it('a receipt that is refused says which source allows what', () => {
    const good = sources();
    const policyDecision = altered(good.policyDecision, ({ key, value }) => [
      { key, value: key === 'would_allow' ? '1' : value },
    ]);
    expect(() => operatorReceiptDocument({ ...good, policyDecision })).toThrow(
      'policy_decision: would_allow: expected 0, found "1"',
    );
  });

  it.each([
    [
      'another decision',
      'policy_decision',
      'allow',
      /^policy_decision: line 4: expected "policy_decision=deny"/,
    ],
    ['a rule that allows', 'policy_allow_rule_count', '1', /line 6/],
    ['another profile', 'policy_decision_profile', 'latticra-seal-policy-decision/9', /line 3/],
  ])('a receipt refuses a source with %s', (_, key, value, message) => {
    const good = sources();
    const policyDecision = altered(good.policyDecision, (field) => [
      field.key === key ? { key, value } : field,
    ]);
    expect(() => operatorReceiptDocument({ ...good, policyDecision })).toThrow(
      expect.objectContaining({ code: 'source-altered', message: expect.stringMatching(message) }),
    );
  });

  it('a receipt refuses a source that says more, or is another report', () => {
    const good = sources();
    const { runtimeDryRun } = good;
    const more: EvidenceDocument = {
      ...runtimeDryRun,
      sections: [...runtimeDryRun.sections, { name: 'grants', fields: [{ key: 'would_mount', value: '1' }] }],
    };
    for (const source of [more, { ...runtimeDryRun, title: 'OTHER' }, good.policyDecision]) {
      expect(() => operatorReceiptDocument({ ...good, runtimeDryRun: source })).toThrow(
        expect.objectContaining({ code: 'source-altered' }),
      );
    }
  });

  it('a receipt refuses a capability that is said to be more than it is', () => {
    const good = sources('tool.unknown');
    const capabilityMetadata = altered(good.capabilityMetadata, ({ key, value }) => [
      { key, value: key === 'capability_status' ? 'known' : value },
    ]);
    expect(() => operatorReceiptDocument({ ...good, capabilityMetadata })).toThrow(
      'capability_metadata: line 5: expected "capability_status=unknown", found "capability_status=known"',
    );
  });
});
