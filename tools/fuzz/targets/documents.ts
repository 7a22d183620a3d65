// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { readCommand } from '../../../packages/boot-cases/src/record/argv.js';
import { commandOf, goodRecord } from '../../../packages/boot-cases/test/record.js';
import {
  formatChecksumLine,
  formatDigest,
  parseDigest,
} from '../../../packages/evidence-format/src/digest.js';
import {
  formatDocument,
  parseChecksums,
  parseDocument,
} from '../../../packages/evidence-format/src/index.js';
import { artifactManifest, parseNamed } from '../../../packages/manifest/src/index.js';
import {
  optionsSection,
  readOptions,
  replayingInspector,
} from '../../../packages/operator-bundle/src/options.js';
import { reportProblem } from '../../../packages/seal-integrity/src/report/shape.js';
import { policyDecisionDocument } from '../../../packages/seal-reports/src/policy-decision.js';
import { runtimeDryRunDocument } from '../../../packages/seal-reports/src/runtime-dry-run.js';
import { checkSource } from '../../../packages/seal-reports/src/source.js';
import { documentValues } from '../../documents/arbitrary.js';
import { DESCRIPTIONS } from '../../documents/descriptions.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { bytesOf, isSame } from './bytes.js';

const SEED = 1;
const SHA = 'a'.repeat(64);

const described: FuzzTarget[] = Object.entries(DESCRIPTIONS).map(([name, description]) => ({
  name,
  seeds: () =>
    fc
      .sample(documentValues(description), { seed: SEED, numRuns: 6 })
      .map((value) => bytesOf(description.format(value))),
  words: ['\n\n[', ']\n', '=', '=none\n', '=0\n', '=1\n', `=sha256:${SHA}\n`, '\u202e', '\r\n'],
  run({ bytes }) {
    const value = description.parse(bytes);
    hold(isSame(description.format(value), bytes), 'a document that was read is written otherwise');
  },
}));

const options = {
  manifestPath: 'a/manifest',
  devices: { linux: '/dev/sdb', macos: '/dev/disk4' },
  seen: {
    linux: JSON.stringify({
      location: { node: '/dev/sdb' },
      inspection: { inspected: true, facts: { wholeDisk: 1, mountedNodes: ['/dev/sdb1'], sizeBytes: 8e9 } },
    }),
    macos: JSON.stringify({ location: { reason: 'not-found' } }),
  },
  firmware: {
    kind: 'uefi',
    code: '/a',
    codeFormat: 'raw',
    codeExists: true,
    vars: '/b',
    varsFormat: 'qcow2',
    requiresSmm: false,
  },
  serialLog: 'serial.log',
  bootRecords: [SHA],
  verifiedBy: { allowedSigners: SHA, revokedKeys: SHA, signer: 'a', time: '2026-01-01T00:00:00Z' },
  checksumsSigned: true,
  keysProveNothing: true,
  promotion: 'e'.repeat(64),
  pageVersion: '1.0.0',
  documentsVersion: '1.0.0',
} as const;

const REPORTS = [
  { surface: 'policy_decision', expected: policyDecisionDocument() },
  { surface: 'runtime_dry_run', expected: runtimeDryRunDocument() },
] as const;

/** Readers of evidence, and of what stands in evidence. */
export const documentTargets: readonly FuzzTarget[] = [
  ...described,
  {
    name: 'document',
    seeds: () =>
      ['Title\n', 'Title\na=1\nb=\n\n[s]\nc==\n', 'A title\n\n[a]\n\n[b]\nx.y-z_0=ä\n'].map(bytesOf),
    words: ['\n\n[', ']\n', '=', '\u202e', '\ufeff', '\r\n', 'bootable_os_ready=1\n'],
    run({ bytes }) {
      const document = parseDocument(bytes);
      hold(isSame(formatDocument(document), bytes), 'a document that was read is written otherwise');
      reportProblem(document);
    },
  },
  {
    name: 'bundleOptions',
    seeds: () => [
      bytesOf(formatDocument({ title: 'Report', fields: [], sections: [optionsSection(options)] })),
    ],
    words: [
      '=none\n',
      '=uefi\n',
      '"inspected":false',
      '"reason":"x"',
      '"mountedNodes":[]',
      'null',
      '__proto__',
    ],
    async run({ bytes }) {
      const read = readOptions(parseDocument(bytes));
      if (read === undefined) return;
      formatDocument({ title: 'Report', fields: [], sections: [optionsSection(read)] });
      for (const seen of Object.values(read.seen)) {
        const inspector = replayingInspector(seen);
        await inspector.locate('/dev/sdb');
        await inspector.inspect('/dev/sdb', undefined);
      }
    },
  },
  {
    name: 'parsedManifest',
    seeds: () => [
      bytesOf(
        artifactManifest.format(
          fc.sample(documentValues(artifactManifest), { seed: SEED, numRuns: 1 })[0] as never,
        ),
      ),
    ],
    run({ bytes }) {
      const value = parseNamed('a/manifest', bytes, artifactManifest);
      hold(isSame(artifactManifest.format(value), bytes), 'a manifest that was read is written otherwise');
    },
  },
  {
    name: 'sealReports',
    seeds: () => REPORTS.map(({ expected }) => bytesOf(formatDocument(expected))),
    words: ['=1\n', '\n\n[authority_not_used]\n', 'capability_requested=none\n'],
    run({ bytes }) {
      const document = parseDocument(bytes);
      for (const { surface, expected } of REPORTS) {
        const text = unlessRefused(() => checkSource(surface, document, expected));
        hold(text === undefined || isSame(text, bytes), 'a report is taken for another');
      }
    },
  },
  {
    name: 'checksums',
    seeds: () => [bytesOf(`${SHA}  a.iso\n${SHA}  b c\n`)],
    run({ text }) {
      const entries = parseChecksums(text);
      const written = entries.map(({ hex, name }) => formatChecksumLine(hex, name)).join('');
      hold(isSame(written, text), 'checksums that were read are written otherwise');
    },
  },
  {
    name: 'digest',
    seeds: () => [bytesOf(`sha256:${SHA}`)],
    run({ text }) {
      hold(formatDigest(parseDigest(text)) === text, 'a digest that was read is written otherwise');
    },
  },
  {
    name: 'recordedCommand',
    seeds: () => [bytesOf(commandOf())],
    words: ["'", '"', '\\', ' -drive ', 'file=', ',,', ',', 'id=boot', '-m 256M '],
    run: ({ text }) => readCommand(goodRecord(''), text),
  },
];
