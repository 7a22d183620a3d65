// SPDX-License-Identifier: Apache-2.0
/** Reviews that do not count, all in one folder: each is named with its reason, and none of them approves anything. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEd25519Key, NAMESPACES } from '@latticra/signature';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  citedWhole,
  copyEvidence,
  evaluate,
  type Laid,
  layReview,
  removeEvidence,
  TAG,
} from '../../test/evidence.js';
import { ALLOWED, allowedLine, KEYS, policyOf, signFile } from '../../test/keys.js';
import type { PromotionEvaluation } from './schema.js';

let laid: Laid;
beforeEach(async () => {
  laid = await copyEvidence();
});
afterEach(() => rmSync(laid.home, { recursive: true, force: true }));
afterAll(removeEvidence);

const judge = async (home = laid.home, policy = policyOf()) =>
  (await evaluate(home, { reviewsDir: join(home, 'reviews'), policy })).said;
const satisfied = ({ fields }: PromotionEvaluation) =>
  Object.values(fields).filter(({ isSatisfied }) => isSatisfied).length;

describe('reviews that do not count', () => {
  const early = generateEd25519Key('');
  const late = generateEd25519Key('');
  const foreign = generateEd25519Key('');
  const everywhere = generateEd25519Key('');
  let said: PromotionEvaluation;

  beforeAll(async () => {
    const bad = await copyEvidence();
    const release = {
      version: '1.0',
      tag: TAG,
      iso: bad.record.iso?.sha256,
      vmImage: bad.record.qcow2?.sha256,
    };
    const lay = (name: string, changes = {}, key = KEYS['bob@example.org']) =>
      layReview(bad, name, 'bob@example.org', changes, key);
    await lay('other-digest', { release: { ...release, iso: 'e'.repeat(64) } });
    await lay('last-release', { release: { ...release, version: '0.9' } });
    await lay('last-tag', { release: { ...release, tag: 'v0.9' } });
    await lay('other-manifest', { manifestSha256: 'e'.repeat(64) });
    await lay('expired', { reviewer: 'late@example.org' }, late);
    await lay('not-yet-valid', { reviewer: 'early@example.org' }, early);
    await lay('not-allowed', {}, foreign);
    await lay('no-namespace', { reviewer: 'all@example.org' }, everywhere);
    await lay('somebody-else', { reviewer: 'carol@example.org' });
    const namespace = await lay('wrong-namespace');
    signFile(namespace, NAMESPACES.transcript, KEYS['bob@example.org']);
    const edited = await lay('edited');
    writeFileSync(edited, readFileSync(edited, 'utf8').replace('2026-11-20', '2026-11-21'));
    const bare = await lay('not-signed');
    rmSync(`${bare}.sig`);
    const other = await lay('signature-of-another', { reason: 'fine' });
    cpSync(`${namespace}.sig`, `${other}.sig`);
    const claiming = await lay('claiming');
    writeFileSync(
      claiming,
      readFileSync(claiming, 'utf8').replace('production_os_claim=0', 'production_os_claim=1'),
    );
    signFile(claiming, NAMESPACES.review, KEYS['bob@example.org']);
    const more = [
      allowedLine('late@example.org', late, [NAMESPACES.review], ',valid-before="20261101Z"'),
      allowedLine('early@example.org', early, [NAMESPACES.review], ',valid-after="20270101Z"'),
      `all@example.org ${everywhere.publicLine}`,
    ];
    said = await judge(bad.home, policyOf(ALLOWED + more.join('')));
    rmSync(bad.home, { recursive: true });
  });

  it.each([
    ['for other digests', 'other-digest', /is a review of other artifacts/],
    ['of the last release, replayed', 'last-release', /is a review of version 0\.9/],
    ['of the last tag, replayed', 'last-tag', /is a review of the tag v0\.9/],
    ['of another manifest', 'other-manifest', /another artifact manifest/],
    ['by a signer whose key is expired', 'expired', /is not valid any more/],
    ['by a signer whose key is not yet valid', 'not-yet-valid', /is not valid yet/],
    ['by a key that is not allowed', 'not-allowed', /is not among the allowed signers/],
    [
      'by a key that is allowed for anything, but not named for reviews',
      'no-namespace',
      /is not allowed for latticra-review/,
    ],
    [
      'that says another reviewer than signed it',
      'somebody-else',
      /is signed by bob@example\.org, but its reviewer is carol/,
    ],
    ['with a signature of another namespace', 'wrong-namespace', /latticra-transcript/],
    ['of which one byte was changed after it was signed', 'edited', /not a signature of this file/],
    ['without a signature', 'not-signed', /is not there/],
    ['with the signature of another file', 'signature-of-another', /signature/],
    ['in which a claim is 1', 'claiming', /production_os_claim/],
  ])('a review %s is refused by name', (_, name, reason) => {
    expect(said.refused.find((line) => line.startsWith(`${name}.txt: `))).toMatch(reason);
  });

  it('none of those reviews approves anything', () => {
    expect(satisfied(said)).toBe(0);
    expect(said.isReviewed).toBe(false);
  });
});

describe('reviews that count', () => {
  it('one byte changed after the review voids it for what was changed, and for nothing else', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    const record = join(laid.home, 'evidence/boots/first/record.txt');
    writeFileSync(
      record,
      readFileSync(record, 'utf8').replace('boot_duration_ms=420', 'boot_duration_ms=421'),
    );
    signFile(record, NAMESPACES.boot, KEYS['machine-1']);
    rmSync(join(laid.home, 'evidence/boots/second'), { recursive: true });
    const said = await judge();
    expect(said.unsatisfied.map((line) => line.split(':')[0])).toEqual([
      'vm_boot_transcript_recorded',
      'multi_machine_validation_recorded',
    ]);
  });

  it('a reviewer who is the producer by name, or by key, does not count', async () => {
    await layReview(laid, 'builder', 'builder@example.org');
    const said = await judge();
    expect(satisfied(said)).toBe(0);
    expect(said.fields.sbom_recorded.evidence).toContain('of somebody else than builder@example.org');
    const other = generateEd25519Key('');
    await layReview(laid, 'builder', 'builder@example.org', {}, other);
    const byName = policyOf(ALLOWED + allowedLine('builder@example.org', other, [NAMESPACES.review]));
    expect(satisfied(await judge(laid.home, byName))).toBe(0);
    await layReview(
      laid,
      'builder',
      'bob@example.org',
      { reviewer: 'dan@example.org' },
      KEYS['builder@example.org'],
    );
    const named = policyOf(
      ALLOWED.replace('latticra-os-image,latticra-review', 'latticra-os-image') +
        allowedLine('dan@example.org', KEYS['builder@example.org'], [NAMESPACES.review]),
    );
    expect(satisfied(await judge(laid.home, named))).toBe(0);
  });

  it('a reviewer whose name looks like that of the producer does not count, and the producer is named', async () => {
    const other = generateEd25519Key('');
    for (const look of ['Builder@example.org', 'bu\u0456lder@example.org', 'builder@ex\u0430mple.\u03bfrg']) {
      await layReview(laid, 'look', 'bob@example.org', { reviewer: look }, other);
      const said = await judge(laid.home, policyOf(ALLOWED + allowedLine(look, other, [NAMESPACES.review])));
      expect(satisfied(said), look).toBe(0);
      expect(said.fields.sbom_recorded.evidence).toContain(`of somebody else than ${look}, who produced it`);
    }
  });

  it('what lies among the reviews and is none is listed, a review in another form too', async () => {
    const path = await layReview(laid, 'bob', 'bob@example.org');
    const text = readFileSync(path, 'utf8');
    const damaged = {
      crlf: text.replaceAll('\n', '\r\n'),
      bom: `\ufeff${text}`,
      blank: text.replace('LATTICRA ', 'LATTICRA\u00a0'),
    };
    for (const [name, form] of Object.entries(damaged)) {
      const other = join(laid.home, 'reviews', `${name}.txt`);
      writeFileSync(other, form);
      signFile(other, NAMESPACES.review, KEYS['bob@example.org']);
    }
    writeFileSync(join(laid.home, 'reviews/note.txt'), 'looks good to me\n');
    cpSync(join(laid.home, 'evidence/one/manifest.txt'), join(laid.home, 'reviews/manifest.txt'));
    writeFileSync(join(laid.home, 'reviews/other.txt.sig'), '\ufeff-----BEGIN SSH SIGNATURE-----\n');
    const said = await judge();
    expect(said.isReviewed).toBe(true);
    expect(said.unrecognized).toEqual([
      expect.stringMatching(/^blank\.txt: looks like a document of ours, and is none/),
      expect.stringMatching(/^bom\.txt: looks like a document of ours, and is none/),
      expect.stringMatching(/^crlf\.txt: looks like a document of ours, and is none/),
      'manifest.txt: is no review, and counts for nothing among the reviews',
      'note.txt: a text that no document names',
      'other.txt.sig: a text that no document names',
    ]);
    // A folder of reviews in that of the evidence is listed once.
    cpSync(join(laid.home, 'reviews/note.txt'), join(laid.home, 'evidence/reviews/note.txt'));
    const within = await evaluate(laid.home, { reviewsDir: join(laid.home, 'evidence/reviews') });
    expect(within.said.unrecognized).toEqual(['reviews/note.txt: a text that no document names']);
  });

  it('a signature that is no signature is named, and not said to be missing', async () => {
    const path = await layReview(laid, 'bob', 'bob@example.org');
    writeFileSync(`${path}.sig`, 'signed, bob\n');
    const said = await judge();
    expect(satisfied(said)).toBe(0);
    expect(said.refused).toEqual(['bob.txt: bob.txt is not signed: bob.txt.sig is no signature']);
  });

  it('nobody is known to be another than the producer where no build record is signed', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    for (const folder of ['one', 'two'])
      rmSync(join(laid.home, 'evidence', folder, 'os-image-build.txt.sig'));
    const said = await judge();
    expect(satisfied(said)).toBe(0);
    expect(said.fields.sbom_recorded.evidence).toContain('the signature of the producer');
  });

  it('a rejection outweighs the approval of somebody else', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    const [first] = (await citedWhole()).filter(({ path }) => path === 'transcripts/install.txt');
    await layReview(laid, 'carol', 'carol@example.org', {
      decision: 'reject',
      evidence: [first?.sha256 ?? ''],
    });
    const said = await judge();
    expect(said.unsatisfied.map((line) => line.split(':')[0])).toEqual([
      'hardware_install_transcript_recorded',
    ]);
    expect(said.fields.hardware_install_transcript_recorded.evidence).toContain(
      'carol.txt, by carol@example.org, rejects it',
    );
    expect(said.isReviewed).toBe(false);
  });

  it('two reviews of one reviewer that contradict each other are refused by name, and the rejection stands', async () => {
    await layReview(laid, 'yes', 'bob@example.org');
    await layReview(laid, 'no', 'bob@example.org', { decision: 'reject' });
    const said = await judge();
    expect(satisfied(said)).toBe(0);
    for (const name of ['no', 'yes'])
      expect(said.refused).toContain(
        `${name}.txt: bob@example.org approves and rejects the same evidence; take one of the two away`,
      );
  });

  it('a review counts once, under whatever name, and wherever it lies', async () => {
    const path = await layReview(laid, 'bob', 'bob@example.org');
    mkdirSync(join(laid.home, 'evidence/reviews'));
    cpSync(path, join(laid.home, 'evidence/reviews/copy'));
    cpSync(`${path}.sig`, join(laid.home, 'evidence/reviews/copy.sig'));
    expect(satisfied(await judge())).toBe(20);
    rmSync(join(laid.home, 'reviews'), { recursive: true });
    const { said } = await evaluate(laid.home);
    expect([satisfied(said), said.isReviewed, said.reviewsRequired]).toEqual([20, true, false]);
  });

  it('a review of files that are there no more approves nothing else', async () => {
    await layReview(laid, 'bob', 'bob@example.org', { evidence: ['e'.repeat(64)] });
    expect(satisfied(await judge())).toBe(0);
    appendFileSync(join(laid.home, 'evidence/one/operator-recovery.txt'), '.');
    renameSync(join(laid.home, 'evidence/two'), join(laid.home, 'two'));
    expect((await judge()).refused.join('\n')).toContain('one/os-image-build.txt: ');
  });
});
