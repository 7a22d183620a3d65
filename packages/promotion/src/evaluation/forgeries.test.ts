// SPDX-License-Identifier: Apache-2.0
/** Signatures, machines, reviews and files that somebody made to look like more than they are. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { generateEd25519Key, NAMESPACES } from '@latticra/signature';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MESSAGE, vector } from '../../../signature/test/vectors.js';
import {
  citedWhole,
  copyEvidence,
  evaluate,
  hostOf,
  type Laid,
  layBoot,
  layReview,
  optionsFor,
  removeEvidence,
} from '../../test/evidence.js';
import { ALLOWED, AT, allowedLine, KEYS, policyOf, signFile } from '../../test/keys.js';
import { layTranscript, logOf, SAID } from '../../test/transcripts.js';
import { evaluatePromotion, evaluationDocument, FIELD_NAMES, type FieldName } from '../index.js';

let laid: Laid;
let evidence: string;
beforeEach(async () => {
  laid = await copyEvidence();
  evidence = join(laid.home, 'evidence');
});
afterEach(() => rmSync(laid.home, { recursive: true, force: true }));
afterAll(removeEvidence);

const iso = () => laid.record.iso ?? { sha256: '', size: 0 };
const MULTI: FieldName = 'multi_machine_validation_recorded';
const VM: FieldName = 'vm_boot_transcript_recorded';
async function after(changes: Parameters<typeof evaluate>[1] = {}) {
  const { said } = await evaluate(laid.home, changes);
  const lost = FIELD_NAMES.filter((name) => !said.fields[name].isSatisfied);
  return { said, lost, refused: said.refused.join('\n'), unrecognized: said.unrecognized.join('\n') };
}
const judgeReviewed = (policy = policyOf()) => after({ reviewsDir: join(laid.home, 'reviews'), policy });

describe('forged signatures', () => {
  it('signatures that prove nothing are refused by name, whatever lies beside them', async () => {
    const reasons: Readonly<Record<string, RegExp>> = {
      'rsa1024.sha256.sig': /1024|2048/,
      'edge/rsa-ssh-rsa-with-sha1.sig': /ssh-rsa|SHA-1|sha1/i,
      'edge/hash-sha1.sig': /SHA-1/,
      'edge/ed25519-identity-key.sig': /order/,
      'edge/certificate.sig': /certificate/,
      'edge/text-after.sig': /after|end/i,
      'edge/second-block-after.sig': /after|end|second/i,
      'sk-ed25519.nopresence.sig': /without being touched/,
    };
    for (const [index, name] of Object.keys(reasons).entries()) {
      writeFileSync(join(evidence, `s${index}`), MESSAGE);
      writeFileSync(join(evidence, `s${index}.sig`), vector(name));
    }
    const { said, lost } = await after();
    for (const [index, reason] of Object.values(reasons).entries())
      expect(said.refused.find((line) => line.startsWith(`s${index}.sig: `))).toMatch(reason);
    expect(lost).toEqual(['artifact_reproducibility_reviewed']);
  });

  it('a key that was revoked, or whose time ended a second ago, signs no boot; at its last second it does', async () => {
    const late = (before: string) =>
      ALLOWED.replace(
        'machine-1 namespaces="latticra-boot"',
        `machine-1 namespaces="latticra-boot",valid-before="${before}"`,
      );
    expect((await after({ policy: policyOf(late('20261201000000Z')) })).lost).not.toContain(MULTI);
    rmSync(join(evidence, 'transcripts/install.txt'));
    const { lost, refused } = await after({ policy: policyOf(late('20261130235959Z')) });
    expect(lost).toContain(MULTI);
    expect(refused).toMatch(/boots\/first\/record\.txt\.sig: .*is not valid any more/);
    const revoked = new Set([KEYS['machine-1'].key.publicKey.fingerprint]);
    const after2 = await after({ policy: { ...policyOf(), revoked } });
    expect(after2.lost).toContain(MULTI);
    expect(after2.refused).toMatch(/boots\/first\/record\.txt\.sig: .*is revoked/);
  });

  it('a record signed in another namespace is named, also where another record shows the field', async () => {
    const path = join(evidence, 'boots/second/record.txt');
    signFile(path, NAMESPACES.artifact, KEYS['machine-2']);
    const { lost, refused } = await after();
    expect(lost).toContain(MULTI);
    expect(lost).not.toContain(VM);
    expect(refused).toMatch(/boots\/second\/record\.txt: .*another purpose than latticra-boot/);
  });

  it('a signed list that says another digest of a file beside it signs no image', async () => {
    for (const folder of ['one', 'two']) rmSync(join(evidence, folder, 'os-image-build.txt'));
    const manifest = join(evidence, 'one/manifest.txt');
    rmSync(join(evidence, 'two'), { recursive: true });
    const { sha256 } = iso();
    const disk = laid.record.qcow2?.sha256 ?? '';
    writeFileSync(join(evidence, 'one/SUMS'), `${sha256}  x.iso\n${disk}  manifest.txt\n`);
    signFile(join(evidence, 'one/SUMS'), NAMESPACES.artifact, KEYS['builder@example.org']);
    expect(readFileSync(manifest, 'utf8')).toContain('unsigned-local');
    const { said, refused } = await after();
    for (const way of ['./manifest.txt', '../one/manifest.txt', 'x/../manifest.txt']) {
      writeFileSync(join(evidence, 'one/SUMS'), `${sha256}  x.iso\n${disk}  ${way}\n`);
      signFile(join(evidence, 'one/SUMS'), NAMESPACES.artifact, KEYS['builder@example.org']);
      expect((await after()).refused, way).toContain(`one/SUMS: says another digest of ${way} than it has`);
    }
    const field = 'artifact_signature_recorded_or_unsigned_local_status_declared';
    expect(refused).toMatch(/one\/SUMS: says another digest of manifest\.txt/);
    expect(said.fields[field].evidence).toMatch(/^one\/manifest\.txt/);
  });
});

describe('one machine that looks like two', () => {
  const alone = () => rmSync(join(evidence, 'transcripts/install.txt'));
  const second = (host: ReturnType<typeof hostOf> | undefined, more = {}) =>
    layBoot(join(evidence, 'boots/second'), iso(), 'machine-2', { host, ...more });

  it('the records from before hosts were asked, however different their QEMU, are of one machine', async () => {
    alone();
    second(undefined, { qemuVersion: '8.2.0', machineResolved: 'pc-i440fx-8.2' });
    expect((await after()).lost).toContain(MULTI);
    layBoot(join(evidence, 'boots/first'), iso(), 'machine-1');
    expect((await after()).lost).toContain(MULTI);
  });

  it('two containers of one kernel, and one system after a restart, are one machine', async () => {
    alone();
    second(hostOf('2', { bootId: '1'.repeat(64), cpuModel: 'other' }));
    expect((await after()).lost).toContain(MULTI);
    second(hostOf('2', { machineId: '1'.repeat(64), kernel: 'Linux 7.0' }));
    expect((await after()).lost).toContain(MULTI);
  });

  it('an installation and a boot are of two machines only where their makers differ', async () => {
    rmSync(join(evidence, 'boots/second'), { recursive: true });
    expect((await after()).lost).toContain(MULTI);
    layBoot(join(evidence, 'boots/first'), iso(), 'machine-1', { host: hostOf('1', { vendor: 'QEMU' }) });
    expect((await after()).lost).not.toContain(MULTI);
    layBoot(join(evidence, 'boots/first'), iso(), 'machine-1', { host: hostOf('1', { vendor: 'unknown' }) });
    expect((await after()).lost).toContain(MULTI);
  });

  it('two installations in one log are one, though it shows two serial numbers', async () => {
    rmSync(join(evidence, 'boots'), { recursive: true });
    const other = { ...SAID.machine, serial: 'PF9ZZZZZ' };
    const image = iso();
    const log = logOf({ ...SAID, image }).replace(
      SAID.machine.serial,
      `${SAID.machine.serial}\r\n${other.serial}`,
    );
    const policy = policyOf(
      ALLOWED.replace(
        'machine-2 namespaces="latticra-boot"',
        'machine-2 namespaces="latticra-boot,latticra-transcript"',
      ),
    );
    const lay = (name: string, changes: object, who: 'alice@example.org' | 'machine-2', text = log) =>
      signFile(
        layTranscript(
          join(evidence, 'more'),
          name,
          { kind: 'install', image, operator: who, ...changes },
          text,
        ),
        NAMESPACES.transcript,
        KEYS[who],
      );
    rmSync(join(evidence, 'transcripts/install.txt'));
    lay('a', {}, 'alice@example.org');
    lay('b', { machine: other }, 'machine-2');
    const { lost, said } = await after({ policy });
    expect(lost).toContain(MULTI);
    expect(said.fields.hardware_install_transcript_recorded.evidence).toMatch(/are of one log/);
    lay('b', { machine: other }, 'machine-2', log.replace('1+0 records', '2+0 records'));
    expect((await after({ policy })).lost).not.toContain(MULTI);
  });

  it('a copy of a record without its signature does not take the signed one’s place', async () => {
    alone();
    cpSync(join(evidence, 'boots/first'), join(evidence, 'a'), { recursive: true });
    rmSync(join(evidence, 'a/record.txt.sig'));
    expect((await after()).lost).not.toContain(MULTI);
    // Signed by the other machine as well, it is still one record.
    rmSync(join(evidence, 'boots/second'), { recursive: true });
    signFile(join(evidence, 'a/record.txt'), NAMESPACES.boot, KEYS['machine-2']);
    expect((await after()).lost).toContain(MULTI);
  });
});

describe('reviews that somebody works around', () => {
  it('evidence that was taken away after the review is missing, and what came in its place is not approved', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    rmSync(join(evidence, 'transcripts/recovery.txt'));
    rmSync(join(evidence, 'boots'), { recursive: true });
    layBoot(join(evidence, 'boots/first'), iso(), 'machine-1', { host: hostOf('1'), durationMs: 433 });
    expect((await judgeReviewed()).lost).toEqual([VM, 'uninstall_or_reimage_recovery_recorded', MULTI]);
  });

  it('a review that rejects the image rejects all that is shown of it', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    await layReview(laid, 'carol', 'carol@example.org', { decision: 'reject', evidence: [iso().sha256] });
    const { lost } = await judgeReviewed();
    expect(lost).toHaveLength(20);
  });

  it('a build record without the signature of its producer is approved by nobody', async () => {
    await layReview(laid, 'bob', 'bob@example.org');
    for (const folder of ['one', 'two']) rmSync(join(evidence, folder, 'os-image-build.txt.sig'));
    const other = generateEd25519Key('');
    signFile(join(evidence, 'two/os-image-build.txt'), NAMESPACES.build, other);
    const policy = policyOf(ALLOWED + allowedLine('ci@example.org', other, [NAMESPACES.build]));
    const { said, lost } = await judgeReviewed(policy);
    // The signed one of the two is what shows the fields.
    expect(said.fields.kernel_image_recorded.evidence).toMatch(/^two\//);
    expect(lost).toEqual(['artifact_reproducibility_reviewed']);
    rmSync(join(evidence, 'two/os-image-build.txt.sig'));
    expect((await judgeReviewed(policy)).lost).toHaveLength(20);
  });

  it('an evaluation in the folder, and a review of it, show nothing', async () => {
    const options = optionsFor(laid.home);
    const text = formatDocument(evaluationDocument(await evaluatePromotion(options), options));
    writeFileSync(
      join(evidence, 'evaluation.txt'),
      text.replaceAll(/_recorded=0|_reviewed=0/g, '_recorded=1'),
    );
    await layReview(laid, 'bob', 'bob@example.org', { evidence: [(await citedWhole())[0]?.sha256 ?? ''] });
    const { said } = await judgeReviewed();
    expect(said.isReviewed).toBe(false);
    expect(said.unrecognized).toEqual([
      expect.stringMatching(/^evaluation\.txt: .*proves nothing by itself/),
    ]);
    appendFileSync(join(evidence, 'evaluation.txt'), 'production_os_claim=1\n');
    expect((await judgeReviewed()).refused).toMatch(/evaluation\.txt: .*production_os_claim/);
  });
});

describe('files that look like evidence', () => {
  it('a document in other blanks, letters or line ends is named, and counts for nothing', async () => {
    const text = readFileSync(join(evidence, 'boots/first/record.txt'), 'utf8');
    rmSync(join(evidence, 'boots'), { recursive: true });
    const changed: Readonly<Record<string, string>> = {
      crlf: text.replaceAll('\n', '\r\n'),
      bom: `\ufeff${text}`,
      lower: text.replace('LATTICRA', 'latticra'),
      blank: text.replace('LATTICRA BOOT', 'LATTICRA\u00a0BOOT'),
      early: `\n${text}`,
      trailing: text.replace('\n', ' \n'),
      doubled: text.replace('outcome=booted', 'outcome=booted\noutcome=booted'),
      cyrillic: text.replace('outcome=booted', '\u043eutcome=booted'),
      upper: text.replace(/sha256:([0-9a-f]+)/, (_, hex: string) => `sha256:${hex.toUpperCase()}`),
      nul: `${text}\0`,
      cut: text.trimEnd(),
      claim: `${text}[claims]\nproduction_os_claim=1\n`,
    };
    for (const [name, content] of Object.entries(changed)) writeFileSync(join(evidence, name), content);
    const { said, lost } = await after();
    expect(lost).toContain(VM);
    const named = [...said.refused, ...said.unrecognized].map((line) => line.split(':')[0]);
    expect(named.sort()).toEqual(Object.keys(changed).sort());
    expect(said.unrecognized).toHaveLength(5);
    for (const line of said.unrecognized) expect(line).toContain('looks like a document of ours');
  });

  it('what cannot count here says why: captures, reports of smokes, texts that belong to nothing', async () => {
    writeFileSync(join(evidence, 'capture.txt'), 'SEABIOS GRUB BOOT PREVIEW EVIDENCE\na=1\n');
    writeFileSync(join(evidence, 'smoke.txt'), 'LATTICRA BOOT SEED QEMU SMOKE\na=1\n');
    writeFileSync(join(evidence, 'notes.txt'), 'all went well\n');
    writeFileSync(join(evidence, 'one/blank'), ' \n\n');
    const { said } = await after();
    expect(said.unrecognized).toEqual([
      expect.stringMatching(/^capture\.txt: .*firmware.*latticra-boot-matrix run/),
      expect.stringMatching(/^notes\.txt: a text that no document names/),
      expect.stringMatching(/^one\/blank: a text that says nothing/),
      expect.stringMatching(/^smoke\.txt: .*nobody can derive again/),
    ]);
    writeFileSync(join(evidence, 'capture.txt'), 'SEABIOS GRUB BOOT PREVIEW EVIDENCE\nbootable_os_ready=1\n');
    expect((await after()).refused).toMatch(/^capture\.txt: .*bootable_os_ready/);
  });

  it('a runbook of nothing but blanks is none', async () => {
    for (const folder of ['one', 'two']) rmSync(join(evidence, folder, 'os-image-build.txt'));
    rmSync(join(evidence, 'two'), { recursive: true });
    writeFileSync(join(evidence, 'one/operator-recovery.txt'), '\n \n');
    expect((await after()).lost).toContain('rollback_or_recovery_path_recorded');
  });

  it('a socket, and names that not everybody reads the same, are named and not opened', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(evidence, 'record.sock'), resolve));
    for (const name of ['a\nb', 'a\u202eb', 'a\\b']) writeFileSync(join(evidence, name), 'LATTICRA X\na=1\n');
    const { said } = await after();
    await new Promise((resolve) => server.close(resolve));
    expect(said.refused.filter((line) => /control|neither a file nor a folder/.test(line))).toHaveLength(4);
  });

  it('evidence below folders whose path fills several lines is found, and its path is told', async () => {
    let deep = evidence;
    for (let index = 0; index < 12; index++) deep = join(deep, 'd'.repeat(200));
    mkdirSync(deep, { recursive: true });
    rmSync(join(evidence, 'two'), { recursive: true });
    renameSync(join(evidence, 'one'), join(deep, 'one'));
    const options = optionsFor(laid.home);
    const text = formatDocument(evaluationDocument(await evaluatePromotion(options), options));
    expect(text).toMatch(/^kernel_image_recorded=1$/m);
    expect(options.at).toEqual(AT);
  });
});
