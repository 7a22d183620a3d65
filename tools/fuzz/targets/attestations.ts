// SPDX-License-Identifier: Apache-2.0
import { sign } from 'node:crypto';
import {
  type AttestationPolicy,
  type AttestationSigner,
  externalParameters,
  formatEnvelope,
  openBuilderAttestation,
  parseEnvelope,
  parsePins,
  parseStatement,
  parseTrustedKey,
  provenanceStatement,
  type Statement,
  signStatement,
  spdxStatement,
  splitEnvelopes,
  testResultStatement,
  verificationStatement,
  verifyAttestation,
} from '../../../packages/attestation/src/index.js';
import { readProvenance } from '../../../packages/attestation/src/predicate/provenance.js';
import { readSpdx } from '../../../packages/attestation/src/predicate/spdx.js';
import { readSummary } from '../../../packages/attestation/src/predicate/summary.js';
import { readTestResult } from '../../../packages/attestation/src/predicate/test-result.js';
import { readVerification } from '../../../packages/attestation/src/predicate/verification.js';
import { spdxOf } from '../../../packages/operator-bundle/test/release.js';
import { FIXED } from '../../../packages/signature/test/private-file.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { bytesOf } from './bytes.js';

const SIGNER: AttestationSigner = {
  key: FIXED.publicKey,
  sign: async (data) => sign(null, data, FIXED.signer),
};
const FILE = { name: 'os.iso', sha256: 'a'.repeat(64) };
const ID = 'urn:example:builder';
const BUILD = {
  buildType: 'urn:example:build',
  command: 'build --all',
  buildId: 'b-1',
  epoch: 0,
  sourceCommit: 'c'.repeat(40),
  sourceTag: 'v1',
  sourceTagObject: 'd'.repeat(40),
  buildEnvironment: 'a desk',
  tool: { name: 'builder', version: '1' },
  inputs: [{ name: 'kernel', sha256: 'e'.repeat(64) }],
  outputs: [FILE],
  record: { name: 'record.txt', sha256: 'f'.repeat(64) },
};
const SBOM = spdxOf(FILE.sha256);
const SUMMARY = {
  verifier: { id: ID },
  timeVerified: '2026-01-01T00:00:00Z',
  resourceUri: 'urn:example:os.iso',
  policy: { uri: 'urn:example:policy' },
  verificationResult: 'PASSED',
  verifiedLevels: ['SLSA_BUILD_LEVEL_UNEVALUATED'],
};

const statements = (): Statement[] => {
  const boot = { caseName: 'os_usb_bios', asExpected: true, recordSha256: '1'.repeat(64) };
  const first = testResultStatement(FILE, [boot]);
  return [
    first,
    provenanceStatement(BUILD, ID),
    verificationStatement({
      subjects: [FILE],
      verifierId: ID,
      policies: [FILE],
      timeCreated: '2026-01-01T00:00:00Z',
      satisfied: ['sbom_recorded'],
    }),
    spdxStatement([FILE], Buffer.from(SBOM)),
    { ...first, predicateType: 'https://slsa.dev/verification_summary/v1', predicate: SUMMARY },
  ];
};
const envelopes = async () =>
  Promise.all(statements().map(async (statement) => bytesOf(await signStatement(statement, SIGNER))));

const POLICY: AttestationPolicy = {
  trusted: [FIXED.publicKey],
  files: [FILE],
  pins: [{ id: ID, key: FIXED.publicKey }],
  build: { buildType: BUILD.buildType, parameters: externalParameters(BUILD) },
  summary: { resourceUri: SUMMARY.resourceUri, levels: [] },
};
const BLOB = Buffer.from(FIXED.publicKey.blob).toString('base64');

/** Readers of attestations, and of the keys and pairs that they are held against. */
export const attestationTargets: readonly FuzzTarget[] = [
  {
    name: 'dsseEnvelope',
    seeds: envelopes,
    words: ['"payload":', '"payloadType":', '"signatures":[', '"keyid":', '-_', '=='],
    run({ bytes }) {
      for (const each of splitEnvelopes(bytes)) {
        const envelope = unlessRefused(() => parseEnvelope(each));
        if (envelope === undefined) continue;
        const again = parseEnvelope(Buffer.from(formatEnvelope(envelope)));
        hold(Buffer.compare(again.payload, envelope.payload) === 0, 'an envelope is written otherwise');
      }
      parseEnvelope(bytes);
    },
  },
  {
    name: 'attestation',
    seeds: envelopes,
    words: ['"payload":', '"signatures":['],
    run({ bytes }) {
      const { subjects } = verifyAttestation(bytes, POLICY);
      const opened = openBuilderAttestation(bytes, POLICY.pins, [BUILD.buildType]);
      hold(
        opened.kind !== 'provenance' || opened.provenance.builderId === ID,
        'a builder that is not pinned counts',
      );
      const { payload } = parseEnvelope(bytes);
      const known = statements().map((statement) => JSON.stringify(statement));
      hold(known.includes(Buffer.from(payload).toString('utf8')), 'what was never signed is verified');
      hold(subjects.length === 1, 'it is about a file that was not measured');
    },
  },
  {
    name: 'inTotoStatement',
    seeds: () => statements().map((statement) => bytesOf(JSON.stringify(statement))),
    words: ['"sha256":', '"digest":{', '"uri":', '"predicate":{}', '"subject":['],
    run({ bytes }) {
      const { predicate, subjects } = parseStatement(bytes);
      hold(
        subjects.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest?.sha256 ?? '')),
        'a subject has no digest',
      );
      for (const read of [readProvenance, readTestResult, readVerification, readSummary, readSpdx]) {
        unlessRefused(() => read(predicate));
      }
    },
  },
  {
    name: 'trustedKey',
    seeds: () => [
      bytesOf(`ssh-ed25519 ${BLOB} a comment\n`),
      bytesOf(FIXED.publicKey.verifier.export({ type: 'spki', format: 'pem' }).toString()),
      bytesOf(`# builders\n${ID} ssh-ed25519 ${BLOB}\n`),
    ],
    words: ['-----BEGIN PUBLIC KEY-----\n', 'https://', '\n'],
    run({ bytes }) {
      const key = unlessRefused(() => parseTrustedKey(bytes));
      hold(key === undefined || key.type === 'ssh-ed25519', 'a key of another kind is trusted');
      for (const pin of parsePins(bytes)) hold(pin.id.includes(':'), 'the id of a pin is no address');
    },
  },
];
