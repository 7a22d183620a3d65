// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import {
  generateEd25519Key,
  loadSigners,
  type MessageHash,
  NAMESPACES,
  type Namespace,
  signWithKey,
} from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO, QCOW2_DISK } from '../../../tools/testing/images.js';
import { requestOf, writeRelease } from '../test/release.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify/verify.js';

const release = generateEd25519Key('');
const other = generateEd25519Key('');

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
  await writeFile(join(cwd, 'allowed'), `release@example.org ${release.publicLine}`);
  await writeFile(join(cwd, 'revoked'), `# none\n${other.publicLine}`);
  await writeFile(join(cwd, 'mine'), `me ${other.publicLine}`);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const sign = (
  content: Uint8Array,
  hash: MessageHash = 'sha256',
  { key } = release,
  namespace: Namespace = NAMESPACES.artifact,
) => signWithKey(key, namespace, createHash(hash).update(content).digest(), hash);
const signers = (name = 'allowed', revoked?: string) =>
  loadSigners({
    allowedSigners: join(cwd, name),
    revokedKeys: revoked === undefined ? undefined : join(cwd, revoked),
    at: new Date('2026-01-01T00:00:00Z'),
  });

async function stage(revoked?: string, signatures = { iso: sign(BOOT_ISO), vm: sign(QCOW2_DISK, 'sha512') }) {
  await writeRelease(join(cwd, 'release'), { signatures });
  return stageOperatorBundle(requestOf('release/manifest.txt', 'out'), {
    cwd,
    signers: await signers('allowed', revoked),
  });
}
const at = (name: string) => join(cwd, 'out', name);
const verify = async (list?: string) =>
  verifyOperatorBundle(join(cwd, 'out'), { signers: list === undefined ? undefined : await signers(list) });

describe('a bundle of signed images', () => {
  it('what was verified is in the bundle, with the lists by which it was, and is made again wherever it is', async () => {
    await stage('revoked');
    expect(await readFile(at('allowed-signers'), 'utf8')).toBe(`release@example.org ${release.publicLine}`);
    expect(await readFile(at('revoked-keys'), 'utf8')).toBe(`# none\n${other.publicLine}`);
    const document = await readFile(at('artifact-manifest-validation.txt'), 'utf8');
    expect(document).toMatch(/^iso_signature_status=verified\nvm_signature_status=verified$/m);
    expect(document).toMatch(/^\[iso_signature\]\nsignature_principal=release@example\.org$/m);
    expect(document).toMatch(/^verify_time=2026-01-01T00:00:00Z$/m);
    await expect(verify('allowed')).resolves.toMatchObject({ iso: { signatureStatus: 'verified' } });
  });

  it('the list in a bundle is nobody’s word: without one of his own a person finds the signatures unverified', async () => {
    await stage();
    const { iso, vmImage, checksumsSignature } = await verify();
    expect([iso?.signatureStatus, vmImage?.signatureStatus]).toEqual([
      'present-unverified',
      'present-unverified',
    ]);
    expect(checksumsSignature).toEqual({ status: 'none' });
    await expect(verify('mine')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('an image that somebody else signed makes no bundle, and nothing is left', async () => {
    const signatures = { iso: sign(BOOT_ISO), vm: sign(QCOW2_DISK, 'sha256', other) };
    await expect(stage(undefined, signatures)).rejects.toMatchObject({ code: 'not-allowed' });
    expect((await readdir(cwd)).sort()).toEqual(['allowed', 'mine', 'release', 'revoked']);
  });

  it.each([
    ['another list', 'allowed-signers', /allowed-signers: expected sha256/],
    ['other revoked keys', 'revoked-keys', /revoked-keys: expected sha256/],
    ['another signature', 'os.iso.sig', /os\.iso\.sig: expected sha256/],
  ])('a bundle with %s in it is damaged', async (_, name, message) => {
    await stage('revoked');
    await writeFile(at(name), `x ${other.publicLine}`);
    await expect(verify()).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(message),
    });
  });

  it('a list that was replaced together with its checksum is told by the report', async () => {
    await stage();
    const content = `release@example.org ${release.publicLine}# added\n`;
    const digest = createHash('sha256').update(content).digest('hex');
    await writeFile(at('allowed-signers'), content);
    const sums = await readFile(at('SHA256SUMS'), 'utf8');
    await writeFile(
      at('SHA256SUMS'),
      sums.replace(/^[0-9a-f]{64} {2}allowed-signers$/m, `${digest}  allowed-signers`),
    );
    await expect(verify()).rejects.toThrow(/is not the list by which the bundle says that it was verified/);
  });

  it('the report says by what signatures were verified, and nothing of that where none were', async () => {
    const options = ({ report }: Awaited<ReturnType<typeof stage>>) =>
      report.sections.find(({ name }) => name === 'options')?.fields.map(({ key }) => key) ?? [];
    expect(options(await stage('revoked')).slice(-4, -1)).toEqual([
      'allowed_signers_sha256',
      'revoked_keys_sha256',
      'verify_time',
    ]);
    await writeRelease(join(cwd, 'release'));
    const plain = await stageOperatorBundle(requestOf('release/manifest.txt', 'plain'), { cwd });
    expect(options(plain).slice(-2)).toEqual(['boot_record_count', 'documents_version']);
    expect(parseDocument(await readFile(at('operator-bundle-report.txt'))).title).toBe(plain.report.title);
  });
});

describe('the signature of a bundle’s checksums', () => {
  const put = async (signature: string | Uint8Array) => writeFile(at('SHA256SUMS.sig'), signature);
  const sums = () => readFile(at('SHA256SUMS'));

  it('a signature that lies beside the checksums is one of them, by whom it has to be where that is said', async () => {
    await stage();
    for (const hash of ['sha256', 'sha512'] as const) {
      await put(sign(await sums(), hash));
      const { fingerprint } = release.key.publicKey;
      await expect(verify()).resolves.toMatchObject({
        checksumsSignature: { status: 'present-unverified', signature: { key: { fingerprint } } },
      });
      await expect(verify('allowed')).resolves.toMatchObject({
        checksumsSignature: { status: 'verified', verified: { principal: 'release@example.org' } },
      });
    }
  });

  it.each<[string, string, () => Promise<string | Uint8Array>]>([
    ['of something else', 'damaged', async () => sign(BOOT_ISO)],
    ['for something else', 'damaged', async () => sign(await sums(), 'sha256', release, 'latticra-boot')],
    ['that is none', 'not-a-signature', async () => 'signed\n'],
  ])('a bundle with a signature %s is refused as %s', async (_, code, make) => {
    await stage();
    await put(await make());
    await expect(verify()).rejects.toMatchObject({ code, kind: 'data' });
  });

  it('a signature of the checksums by somebody else is refused where it is said who it has to be', async () => {
    await stage();
    await put(sign(await sums(), 'sha256', other));
    await expect(verify('allowed')).rejects.toMatchObject({
      code: 'not-allowed',
      message: expect.stringMatching(/^SHA256SUMS\.sig: /),
    });
  });
});
