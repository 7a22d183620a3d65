// SPDX-License-Identifier: Apache-2.0
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { describe, expect, it } from 'vitest';
import { createLedger } from './checks.js';
import { reportDocument } from './document.js';

/** Makes the report of a run with these failures and warnings, in which this was added since the baseline. */
function reportOf(lists: {
  failures?: readonly string[];
  warnings?: readonly string[];
  added?: readonly string[];
}) {
  const { failures = [], warnings = [], added = [] } = lists;
  const document = reportDocument({
    command: 'verify',
    timestamp: '2026-01-02T03:04:05Z',
    root: '/project',
    kernel: 'Linux 6.1.0',
    os: 'linux-x64',
    anchoring: 'procfs',
    isManifestPresent: true,
    isLockPresent: true,
    results: createLedger().results(),
    failures,
    warnings,
    changes: { added, modified: [], removed: [] },
    manifestSha256: undefined,
    rootDigest: undefined,
    hashedFiles: 0,
    hashList: undefined,
    modes: undefined,
    temporaries: undefined,
  });
  return formatDocument(document);
}

describe('the report', () => {
  const many = Array.from({ length: 2200 }, (_, index) => `link-${index}-${'x'.repeat(280)}`);

  it.each([
    ['failures', 'failure', many, { failures: many }],
    ['warnings', 'warning', many, { warnings: many }],
    ['changes', 'added', many, { added: many }],
  ] as const)('the report says how many %s there was no room for', (_, what, values, lists) => {
    const text = reportOf(lists);
    const listed = text.match(new RegExp(`^${what}_\\d+=`, 'gm'))?.length ?? 0;
    expect(listed).toBeGreaterThan(1000);
    expect(text).toContain(`\n${what}_not_listed=${values.length - listed}\n`);
  });

  it('the report counts all failures, warnings and changes, whether there was room or not', () => {
    const text = reportOf({ failures: many, warnings: many, added: many });
    for (const key of ['failures', 'warnings', 'hashes_changed']) expect(text).toContain(`\n${key}=2200\n`);
  });

  it('the report is a document with every list full, of the longest lines and of characters that are escaped', () => {
    const long = Array.from({ length: 200 }, (_, index) => `${index}${'\u0007'.repeat(9000)}`);
    const { sections } = parseDocument(
      Buffer.from(reportOf({ failures: long, warnings: long, added: many })),
    );
    const [failure] = sections.find(({ name }) => name === 'failures')?.fields ?? [];
    expect(failure?.value).toMatch(/^0\\u0007.*…$/);
  });
});
