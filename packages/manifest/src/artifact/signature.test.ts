// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { formatDocument } from '@latticra/evidence-format';
import {
  generateEd25519Key,
  loadSigners,
  type MessageHash,
  NAMESPACES,
  type Namespace,
  signWithKey,
} from '@latticra/signature';
import { describe, expect, it } from 'vitest';
import { BOOT_ISO as ISO, QCOW2_DISK as QCOW2, sha256Of } from '../../../../tools/testing/images.js';
import { testFolder } from '../../test/folder.js';
import {
  type ArtifactManifest,
  artifactManifest,
  inspectFile,
  loadArtifactManifest,
  manifestFromFiles,
  validateArtifacts,
  validationDocument,
} from '../index.js';

const folder = testFolder();
const { key, publicLine } = generateEd25519Key('');
const other = generateEd25519Key('');
const LINE = `release@example.org ${publicLine}`;

const GOOD = {
  artifactVersion: '1.0',
  sourceCommit: '0123abc',
  sourceTag: 'none',
  buildEnvironment: 'test',
  iso: { path: 'a.iso', sha256: sha256Of(ISO), signaturePath: 'a.iso.sig', sbomPath: 'none' },
  vmImage: {
    path: 'b.qcow2',
    format: 'qcow2',
    sha256: sha256Of(QCOW2),
    signaturePath: 'b.qcow2.sig',
    sbomPath: 'none',
  },
  operatorRecoveryPath: 'none',
} as const satisfies ArtifactManifest;

const sign = (
  content: Uint8Array,
  hash: MessageHash = 'sha256',
  namespace: Namespace = NAMESPACES.artifact,
  by = key,
) => Buffer.from(signWithKey(by, namespace, createHash(hash).update(content).digest(), hash));

function lay(files: Record<string, string | Uint8Array> = {}): void {
  const all = {
    'a.iso': ISO,
    'b.qcow2': QCOW2,
    'a.iso.sig': sign(ISO),
    'b.qcow2.sig': sign(QCOW2, 'sha512'),
    allowed: LINE,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) folder.write(name, content);
}

const signersFrom = async (options: { signer?: string; revoked?: boolean; at?: Date } = {}) =>
  loadSigners({
    allowedSigners: folder.at('allowed'),
    revokedKeys: options.revoked === true ? folder.at('revoked') : undefined,
    signer: options.signer,
    at: options.at ?? new Date('2026-01-01T00:00:00Z'),
  });

async function validate(manifest: ArtifactManifest = GOOD, options: Parameters<typeof signersFrom>[0] = {}) {
  folder.write('manifest.txt', artifactManifest.format(manifest));
  const reads: string[] = [];
  const validation = await validateArtifacts(await loadArtifactManifest('manifest.txt', folder.path), {
    signers: await signersFrom(options),
    inspect(file, role, hashes) {
      reads.push(role);
      return inspectFile(file, hashes);
    },
  });
  return { validation, reads };
}

describe('signatures that are verified', () => {
  it('each image is read once, by the hash of its signature, and the report says whose it is and by what', async () => {
    lay();
    const { validation, reads } = await validate();
    expect(reads).toEqual(['iso', 'vm-image']);
    const text = formatDocument(validationDocument('fixture.toml', validation));
    expect(text).toMatch(/^iso_signature_status=verified\nvm_signature_status=verified$/m);
    const { fingerprint } = key.publicKey;
    const sha512 = createHash('sha512').update(QCOW2).digest('hex');
    expect(text.slice(text.indexOf('\n[iso_signature]'))).toBe(`
[iso_signature]
signature_principal=release@example.org
signature_key_type=ssh-ed25519
signature_key_fingerprint=${fingerprint}
signature_namespace=latticra-os-image
signature_message_digest=sha256:${sha256Of(ISO)}

[vm_signature]
signature_principal=release@example.org
signature_key_type=ssh-ed25519
signature_key_fingerprint=${fingerprint}
signature_namespace=latticra-os-image
signature_message_digest=sha512:${sha512}

[signers]
allowed_signers_sha256=sha256:${sha256Of(Buffer.from(LINE))}
revoked_keys_sha256=none
verify_time=2026-01-01T00:00:00Z

[missing_for_operator_review]
missing_01=SBOM of the ISO: there is none
missing_02=SBOM of the VM image: there is none
missing_03=no operator recovery path
`);
  });

  it('the report names the signer that was asked for, the revoked keys, and lines that grant nothing', async () => {
    lay({ allowed: `${LINE}ca cert-authority ${other.publicLine}`, revoked: other.publicLine });
    const { validation } = await validate(GOOD, { signer: 'release@example.org', revoked: true });
    const text = formatDocument(validationDocument('fixture.toml', validation));
    expect(text).toContain(
      `revoked_keys_sha256=sha256:${sha256Of(Buffer.from(other.publicLine))}\nrequired_signer=release@example.org\n`,
    );
    expect(text).toContain('ignored_cert_authority_01=line 2: "ca"\n');
  });

  it('a signature is there, and unverified, where no list of signers is given', async () => {
    lay();
    folder.write('manifest.txt', artifactManifest.format(GOOD));
    const validation = await validateArtifacts(await loadArtifactManifest('manifest.txt', folder.path));
    const text = formatDocument(validationDocument('fixture.toml', validation));
    expect(text).toMatch(/^iso_signature_status=present-unverified$/m);
    expect(text).not.toMatch(/\[signers\]|signature_principal/);
  });

  it.each<[string, string, Record<string, string | Uint8Array>, Parameters<typeof validate>[1]]>([
    ['a signature over another file', 'not-verified', { 'a.iso.sig': sign(QCOW2) }, {}],
    [
      'a signature for something else',
      'other-namespace',
      { 'a.iso.sig': sign(ISO, 'sha256', 'latticra-boot') },
      {},
    ],
    [
      'a key that is not allowed',
      'not-allowed',
      { 'a.iso.sig': sign(ISO, 'sha256', 'latticra-os-image', other.key) },
      {},
    ],
    ['a key that is revoked', 'revoked', { revoked: publicLine }, { revoked: true }],
    [
      'a key of another signer',
      'other-signer',
      { allowed: `${LINE}bob ${other.publicLine}` },
      { signer: 'bob' },
    ],
    ['a key of two names', 'ambiguous-signer', { allowed: `${LINE}bob ${publicLine}` }, {}],
    ['a key that is expired', 'expired', { allowed: `a valid-before="20251231Z" ${publicLine}` }, {}],
    ['a key of later', 'not-yet-valid', { allowed: `a valid-after="20260102Z" ${publicLine}` }, {}],
    [
      'a key for something else',
      'namespace-not-allowed',
      { allowed: `a namespaces="git" ${publicLine}` },
      {},
    ],
    ['text behind a signature', 'bad-armour', { 'a.iso.sig': `${sign(ISO)}text\n` }, {}],
    [
      'no signature in the armour',
      'bad-signature',
      { 'b.qcow2.sig': `-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n` },
      {},
    ],
    [
      'an OpenPGP signature',
      'format',
      { 'a.iso.sig': '-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n' },
      {},
    ],
    ['an image as a signature', 'format', { 'a.iso.sig': ISO }, {}],
    ['a page as a signature', 'format', { 'a.iso.sig': '<!doctype html>' }, {}],
    ['an unknown option', 'bad-allowed-signers', { allowed: `a no-touch-required ${publicLine}` }, {}],
  ])('a release with %s is refused as %s', async (_, code, files, options) => {
    lay(files);
    await expect(validate(GOOD, options)).rejects.toMatchObject({ code, kind: 'data' });
  });

  it('an image without a signature is refused, whatever word stands there, before any image is read', async () => {
    lay();
    for (const signaturePath of ['unsigned-local', 'none']) {
      const manifest = { ...GOOD, vmImage: { ...GOOD.vmImage, signaturePath } };
      await expect(validate(manifest)).rejects.toMatchObject({
        code: 'unsigned',
        message: `b.qcow2: has no signature to verify, found ${signaturePath}`,
        fix: expect.stringContaining('latticra-os-image-sign'),
      });
    }
  });

  it('an image that is not what was recorded is told as that, not as a bad signature', async () => {
    lay({ 'a.iso': Buffer.concat([ISO, Buffer.alloc(2048)]) });
    await expect(validate()).rejects.toMatchObject({ code: 'mismatch' });
  });
});

describe('a manifest that is made of files', () => {
  const record = async (signature: string) =>
    manifestFromFiles(
      {
        artifactVersion: 'v',
        sourceCommit: 'c',
        sourceTag: 'none',
        buildEnvironment: 'e',
        iso: { path: 'none', signature: 'none', sbom: 'none' },
        vmImage: { path: 'b.qcow2', format: 'qcow2', signature, sbom: 'none' },
        operatorRecoveryPath: 'none',
        relativeTo: '.',
      },
      { cwd: folder.path, signers: await signersFrom() },
    );

  it('a manifest is made where the signature is by whom it has to be, and none otherwise', async () => {
    lay();
    expect((await record('b.qcow2.sig')).vmImage?.signaturePath).toBe('b.qcow2.sig');
    await expect(record('a.iso.sig')).rejects.toMatchObject({
      code: 'not-verified',
      message: expect.stringMatching(/^a\.iso\.sig: /),
    });
    await expect(record('unsigned-local')).rejects.toMatchObject({ code: 'unsigned' });
  });
});
