// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, formatDocument, parseDocument } from '@latticra/evidence-format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAPABILITIES, judgeCapability } from './capability.js';
import { capabilityMetadataDocument } from './capability-metadata.js';
import { operatorReceiptDocument } from './operator-receipt.js';
import { policyDecisionDocument } from './policy-decision.js';
import { runtimeDryRunDocument } from './runtime-dry-run.js';

const valuesOf = ({ fields }: Pick<EvidenceDocument, 'fields'>) =>
  Object.fromEntries(fields.map(({ key, value }) => [key, value]));

const receipt = (capability?: string) =>
  operatorReceiptDocument({
    capabilityMetadata: capabilityMetadataDocument(capability),
    policyDecision: policyDecisionDocument(),
    runtimeDryRun: runtimeDryRunDocument(),
  });

describe.each([
  ['LATTICRA SEAL CAPABILITY METADATA', 'capability_metadata', capabilityMetadataDocument],
  ['LATTICRA SEAL POLICY DECISION', 'policy_decision', policyDecisionDocument],
  ['LATTICRA SEAL RUNTIME DRY RUN', 'runtime_dry_run', runtimeDryRunDocument],
  ['LATTICRA SEAL OPERATOR RECEIPT REPORT', 'operator_receipt', receipt],
] as const)('%s', (title, surface, build) => {
  it('a report denies everything and does nothing', () => {
    const document = build();
    expect(document.title).toBe(title);
    expect(valuesOf(document)).toMatchObject({
      [`seal_${surface}_report`]: '1',
      [`${surface}_profile`]: `latticra-seal-${surface.replaceAll('_', '-')}/0.1`,
      default_action_deny: '1',
      would_allow: '0',
      would_deny: '1',
      would_require_operator_review: '1',
      would_execute_tool: '0',
      would_read_host: '0',
      would_write_host: '0',
      would_use_network: '0',
      would_grant_runtime_authority: '0',
      unknown_tool_denied: '1',
      unsigned_request_denied: '1',
      invalid_schema_denied: '1',
      stale_request_denied: '1',
      replayed_request_denied: '1',
      invalid_signature_denied: '1',
      report_only: '1',
      mode: 'report-only',
      hardware_install_ready: '0',
      production_os_claim: '0',
    });
    expect(document.sections.at(-1)).toEqual({
      name: 'authority_not_used',
      fields: [
        { key: 'network_authority', value: '0' },
        { key: 'root_authority', value: '0' },
        { key: 'runtime_enforcement_authority', value: '0' },
      ],
    });
  });

  it('a report is an evidence document, and the same every time', () => {
    const text = formatDocument(build());
    expect(parseDocument(text)).toEqual(build());
    expect(formatDocument(build())).toBe(text);
  });
});

describe('capability metadata', () => {
  it.each([
    ['seal.capability.inspect', 'known', 'seal.capability.inspect', 'tool-boundary', 'none'],
    ['seal.capability.report', 'known', 'seal.capability.report', 'evidence-boundary', 'none'],
    ['seal.capability.dry_run', 'known', 'seal.capability.dry_run', 'runtime-boundary', 'none'],
    ['seal.capability.write', 'unknown', 'seal.capability.write', 'unknown', 'unknown'],
    ['seal.capability.inspect.all', 'unknown', 'seal.capability.inspect.all', 'unknown', 'unknown'],
    [undefined, 'missing', 'none', 'unknown', 'unknown'],
    ['', 'invalid', 'invalid', 'unknown', 'unknown'],
    ['none', 'invalid', 'invalid', 'unknown', 'unknown'],
    ['Seal.Capability.Inspect', 'invalid', 'invalid', 'unknown', 'unknown'],
    [' seal.capability.inspect', 'invalid', 'invalid', 'unknown', 'unknown'],
    ['seal.capability.inspect\n', 'invalid', 'invalid', 'unknown', 'unknown'],
    ['seal..inspect', 'invalid', 'invalid', 'unknown', 'unknown'],
    ['../seal', 'invalid', 'invalid', 'unknown', 'unknown'],
    [`seal.${'a'.repeat(124)}`, 'invalid', 'invalid', 'unknown', 'unknown'],
  ])('a capability called %j is %s, and denied', (name, status, requested, scope, effectClass) => {
    expect(valuesOf(capabilityMetadataDocument(name))).toMatchObject({
      capability_requested: requested,
      capability_status: status,
      capability_scope: scope,
      capability_effect_class: effectClass,
      capability_decision: 'denied',
      capability_denied_reason: {
        known: 'a-report-grants-nothing',
        unknown: 'not-a-known-capability',
        missing: 'no-capability-named',
        invalid: 'not-a-capability-name',
      }[status],
      known_capability_count: '3',
    });
  });

  it('capability metadata lists the candidates, none of them allowed', () => {
    const { sections } = capabilityMetadataDocument();
    expect(sections.map(({ name }) => name)).toEqual([
      ...CAPABILITIES.map(({ name }) => name),
      'authority_not_used',
    ]);
    for (const section of sections.slice(0, -1)) {
      expect(valuesOf(section)).toMatchObject({
        capability_effect_class: 'none',
        capability_decision: 'denied',
      });
    }
  });

  it('capability metadata denies whatever it is asked, in a document that can be read again', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const name = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 4 }).map((words) => words.join('.')),
    );
    fc.assert(
      fc.property(name, (asked) => {
        const document = capabilityMetadataDocument(asked);
        expect(parseDocument(formatDocument(document))).toEqual(document);
        expect(valuesOf(document)).toMatchObject({ capability_decision: 'denied', would_allow: '0' });
        const { status, requested } = judgeCapability(asked);
        expect(requested).toBe(status === 'invalid' ? 'invalid' : asked);
      }),
      { numRuns: 200, examples: [['constructor'], ['__proto__.x'], ['a.b']] },
    );
  });
});
