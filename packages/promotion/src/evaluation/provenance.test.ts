// SPDX-License-Identifier: Apache-2.0
/** What other builders say of a release: it counts for tag, environment and command, from pinned builders, and for nothing else. */
import { sign } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  formatEnvelope,
  type Pin,
  parseEnvelope,
  preAuthEncoding,
  provenanceStatement,
  type RecordedBuild,
  signStatement,
} from '@latticra/attestation';
import { recordedBuild } from '@latticra/linux-release';
import { generateEd25519Key, NAMESPACES } from '@latticra/signature';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testSigner } from '../../../attestation/test/keys.js';
import {
  completeEvidence,
  copyEvidence,
  evaluate,
  type Laid,
  layReview,
  removeEvidence,
} from '../../test/evidence.js';
import { ALLOWED, allowedLine, policyOf } from '../../test/keys.js';
import { FIELD_NAMES, type FieldName } from '../index.js';

const BUILDER = 'https://builds.example.org/desk';
const builder = generateEd25519Key('builder');
const ours = {
  key: builder.key.publicKey,
  sign: async (data: Uint8Array): Promise<Uint8Array> => sign(null, data, builder.key.signer),
};
const foreign = testSigner('foreign');
const PINS: Pin[] = [
  { id: BUILDER, key: ours.key },
  { id: 'https://elsewhere.example.org', key: testSigner('elsewhere').key },
];

let laid: Laid;
let build: RecordedBuild;
beforeAll(async () => {
  const { record } = await completeEvidence();
  build = recordedBuild(record, { name: 'os-image-build.txt', sha256: 'e'.repeat(64) });
});
beforeEach(async () => {
  laid = await copyEvidence();
});
afterEach(() => rmSync(laid.home, { recursive: true, force: true }));
afterAll(removeEvidence);

/** Takes away what our own records of the build show. */
const withoutBuilds = () => {
  rmSync(join(laid.home, 'evidence/two'), { recursive: true });
  for (const name of ['os-image-build.txt', 'os-image-build.txt.sig'])
    rmSync(join(laid.home, 'evidence/one', name));
};
const lay = (text: string, name = 'provenance.json') =>
  writeFileSync(join(laid.home, 'evidence', name), text);
const envelopeOf = async (changes: Partial<RecordedBuild> = {}, signer = ours, id = BUILDER) =>
  signStatement(provenanceStatement({ ...build, ...changes }, id), signer);

const SAID: readonly FieldName[] = [
  'source_tag_recorded',
  'build_environment_recorded',
  'iso_build_command_recorded',
  'vm_image_build_command_recorded',
];
const FOUND: readonly FieldName[] = [
  'bootloader_configuration_recorded',
  'kernel_image_recorded',
  'initramfs_recorded',
  'artifact_reproducibility_reviewed',
];

async function judge(changes: Parameters<typeof evaluate>[1] = {}) {
  const { said } = await evaluate(laid.home, { pins: PINS, pinsSha256: 'f'.repeat(64), ...changes });
  return { said, shown: FIELD_NAMES.filter((name) => said.fields[name].isSatisfied) };
}

describe('provenance of a pinned builder', () => {
  it('a pinned builder tells tag, environment and command, and never what has to be found in the images', async () => {
    withoutBuilds();
    lay(await envelopeOf());
    const { said, shown } = await judge();
    expect(said.refused).toEqual([]);
    expect(SAID.filter((name) => !shown.includes(name))).toEqual([]);
    expect(FOUND.filter((name) => shown.includes(name))).toEqual([]);
    for (const name of SAID) expect(said.fields[name].evidence).toMatch(/^provenance\.json sha256:/);
  });

  it('a provenance tells the command of no image but those that it is about', async () => {
    withoutBuilds();
    lay(await envelopeOf({ outputs: [{ name: 'os.iso', sha256: laid.record.iso?.sha256 ?? '' }] }));
    const { shown } = await judge();
    expect(shown).toContain('iso_build_command_recorded');
    expect(shown).not.toContain('vm_image_build_command_recorded');
  });

  it('a builder that names another commit than our records leaves the tag unrecorded', async () => {
    lay(await envelopeOf({ sourceCommit: 'b'.repeat(40) }));
    const { said } = await judge();
    expect(said.fields.source_tag_recorded.evidence).toMatch(/missing: one source/);
  });

  it('a reviewer who has the key of the builder is a producer', async () => {
    const policy = policyOf(ALLOWED + allowedLine('dan@example.org', builder, [NAMESPACES.review]));
    await layReview(laid, 'dan', 'bob@example.org', { reviewer: 'dan@example.org' }, builder);
    const asked = { reviewsDir: join(laid.home, 'reviews'), policy };
    expect((await judge(asked)).said.isReviewed).toBe(true);
    lay(await envelopeOf());
    const { said } = await judge(asked);
    expect(said.fields.sbom_recorded.evidence).toContain('of somebody else than dan@example.org');
    expect(said.isReviewed).toBe(false);
  });

  it('the attestations of one file, one a line, are each looked at', async () => {
    withoutBuilds();
    const test = {
      ...provenanceStatement(build, BUILDER),
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    };
    lay((await envelopeOf()) + (await signStatement(test, ours)), 'all.intoto.jsonl');
    const { said, shown } = await judge();
    expect(shown).toContain('source_tag_recorded');
    expect(said.unrecognized.join('\n')).toMatch(/all\.intoto\.jsonl: an attestation of the kind testResult/);
    lay(`${await envelopeOf()}{"payloadType":"x"}\n`, 'all.intoto.jsonl');
    expect((await judge()).said.refused.join('\n')).toMatch(/all\.intoto\.jsonl, line 2: not-an-envelope/);
  });
});

describe('provenance that does not count', () => {
  const change = async (edit: (text: string) => string) => edit(await envelopeOf());
  const payload = async (edit: (text: string) => string) => {
    const envelope = parseEnvelope(Buffer.from(await envelopeOf()));
    return formatEnvelope({
      ...envelope,
      payload: Buffer.from(edit(Buffer.from(envelope.payload).toString())),
    });
  };

  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'for another digest',
      () => envelopeOf({ outputs: [{ name: 'os.iso', sha256: 'a'.repeat(64) }] }),
      /other files than the images/,
    ],
    [
      'for another tag',
      () => envelopeOf({ sourceTag: 'v0.9' }),
      /of the tag v0\.9, and the manifest says v1\.0/,
    ],
    ['by a key that is not pinned', () => envelopeOf({}, foreign), /not-verified/],
    [
      'by a pinned key for a builder that another key is pinned to',
      () => envelopeOf({}, ours, 'https://elsewhere.example.org'),
      /not-pinned/,
    ],
    ['by a builder that nobody pinned', () => envelopeOf({}, ours, `${BUILDER}/`), /not-pinned/],
    [
      'with another type of payload',
      () => change((text) => text.replace('application/vnd.in-toto+json', 'application/json')),
      /payload-type/,
    ],
    [
      'with a type that was changed after it was signed',
      () => change((text) => text.replace('vnd.in-toto+json', 'vnd.in-toto.provenance+json')),
      /not-verified/,
    ],
    [
      'with no valid signature among many',
      async () => {
        const { signatures, ...envelope } = parseEnvelope(Buffer.from(await envelopeOf({}, foreign)));
        const others = Array.from({ length: 20 }, (_, index) => ({
          keyid: 'k',
          sig: Buffer.alloc(64, index),
        }));
        return formatEnvelope({ ...envelope, signatures: [...signatures, ...others] });
      },
      /not-verified/,
    ],
    ['without a signature', () => change((text) => text.replace(/\[.*\]/, '[]')), /no-signature/],
    [
      'with one signature twice',
      () => change((text) => text.replace(/\[(.*)\]/, '[$1,$1]')),
      /doubled-signature/,
    ],
    [
      'with a name twice in its envelope',
      () => change((text) => text.replace('{"payloadType"', '{"payload":"e30=","payloadType"')),
      /not-json/,
    ],
    [
      'with a statement that was changed',
      () => payload((text) => text.replace(BUILDER, 'https://builds.example.org/desl')),
      /not-verified/,
    ],
    [
      'with a name twice in its statement',
      async () => {
        const statement = JSON.stringify(provenanceStatement(build, BUILDER));
        const doubled = statement.replace('{"_type"', '{"predicateType":"x","_type"');
        const payloadType = 'application/vnd.in-toto+json';
        const bytes = Buffer.from(doubled);
        const sig = await ours.sign(preAuthEncoding(payloadType, bytes));
        return formatEnvelope({ payloadType, payload: bytes, signatures: [{ keyid: '', sig }] });
      },
      /not-json/,
    ],
    ['of another type of build', () => envelopeOf({ buildType: 'https://example.org/make' }), /build-type/],
    ['that is a bundle of Sigstore', async () => '{"dsseEnvelope":{"payload":"e30="}}', /sigstore-bundle/],
    ['that is no envelope', async () => '{"payload": 1}', /not-an-envelope/],
  ])('a provenance %s is refused by name', async (_, envelope, reason) => {
    withoutBuilds();
    lay(await envelope());
    const { said, shown } = await judge();
    expect(said.refused).toEqual([expect.stringMatching(/^provenance\.json: /)]);
    expect(said.refused[0]).toMatch(reason);
    expect(SAID.filter((name) => shown.includes(name))).toEqual([]);
  });

  it('a provenance is listed and counts for nothing without --pins', async () => {
    withoutBuilds();
    lay(await envelopeOf());
    const { said, shown } = await judge({ pins: undefined });
    expect(said.unrecognized).toEqual([expect.stringMatching(/^provenance\.json: .*--pins/)]);
    expect(SAID.filter((name) => shown.includes(name))).toEqual([]);
  });
});
