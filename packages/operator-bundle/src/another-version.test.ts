// SPDX-License-Identifier: Apache-2.0
/** The documents of a bundle, and who may say which version made them. */
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519Key, loadSigners, NAMESPACES, signWithKey } from '@latticra/signature';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOOT_ISO, QCOW2_DISK } from '../../../tools/testing/images.js';
import { requestOf, writeRelease } from '../test/release.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify/verify.js';

const maker = generateEd25519Key('');
const forger = generateEd25519Key('');
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bundle-version-'));
  writeFileSync(join(cwd, 'allowed'), `release@example.org ${maker.publicLine}`);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const at = (name: string) => join(cwd, 'out', name);
const signed = (bytes: Uint8Array | string, { key } = maker) =>
  signWithKey(key, NAMESPACES.artifact, Buffer.from(hash('sha256', bytes), 'hex'), 'sha256');
const verify = () => verifyOperatorBundle(join(cwd, 'out'));
const verifyAs = async () =>
  verifyOperatorBundle(join(cwd, 'out'), {
    signers: await loadSigners({ allowedSigners: join(cwd, 'allowed'), at: new Date() }),
  });

async function stage(): Promise<void> {
  await writeRelease(join(cwd, 'release'), {
    signatures: { iso: signed(BOOT_ISO), vm: signed(QCOW2_DISK) },
  });
  await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd });
}

/** Changes files of the bundle, and writes SHA256SUMS anew; signed where a key is given. */
function rewrite(changes: Readonly<Record<string, (text: string) => string>>, key?: typeof maker): void {
  let sums = readFileSync(at('SHA256SUMS'), 'utf8');
  for (const [name, change] of Object.entries(changes)) {
    const before = readFileSync(at(name), 'utf8');
    const text = change(before);
    expect(text, name).not.toBe(before);
    writeFileSync(at(name), text);
    sums = sums.replace(new RegExp(`^\\w{64}(  ${name})$`, 'm'), `${hash('sha256', text)}$1`);
  }
  writeFileSync(at('SHA256SUMS'), sums);
  if (key !== undefined) writeFileSync(at('SHA256SUMS.sig'), signed(sums, key));
}
const of = (version: string) => (text: string) =>
  text.replace(/\ndocuments_version=.*\n/, version === '' ? '\n' : `\ndocuments_version=${version}\n`);
const REPORT = 'operator-bundle-report.txt';
const otherwise = (text: string) => text.replace('READ THIS FIRST', 'READ THIS');

it('a bundle says which version made its documents, and they are made again', async () => {
  await stage();
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  expect(readFileSync(at(REPORT), 'utf8')).toContain(`\ndocuments_version=${version}\n`);
  expect((await verify()).documents).toEqual({ status: 'derived-again', version });
});

it('documents that come out the same are derived again, whichever version made them, and where none is named', async () => {
  await stage();
  rewrite({ [REPORT]: of('9.9.9') });
  expect((await verify()).documents).toEqual({ status: 'derived-again', version: '9.9.9' });
  rewrite({ [REPORT]: of('') });
  expect((await verify()).documents).toEqual({ status: 'derived-again', version: undefined });
});

it('documents of another version are held to their checksums where an allowed signer signed those, and each is named', async () => {
  await stage();
  const more = (text: string) => `${text}a_field_of_that_version=1\n`;
  const changes = { 'README.txt': otherwise, 'vm-test-command.txt': more, [REPORT]: of('9.9.9') };
  rewrite(changes, maker);
  const { documents, page } = await verifyAs();
  expect(documents).toEqual({
    status: 'not-derived-again',
    version: '9.9.9',
    names: ['vm-test-command.txt', 'README.txt'],
  });
  expect(page.status).toBe('none');
  writeFileSync(at('README.txt'), 'another');
  await expect(verifyAs()).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(/^README\.txt: expected sha256:/),
  });
});

it.each([
  ['nobody signed', undefined, verify],
  ['somebody signed whom no list names', forger, verify],
])(
  'a document of another version is refused where %s, for nothing shows what it is of',
  async (_, key, check) => {
    await stage();
    rewrite({ 'README.txt': otherwise, [REPORT]: of('9.9.9') }, key);
    await expect(check()).rejects.toMatchObject({
      code: 'document-unknown',
      kind: 'data',
      message: expect.stringMatching(
        /^README\.txt: was made by version 9\.9\.9, and this is \S+, which cannot/,
      ),
      fix: expect.stringMatching(/9\.9\.9.*--allowed-signers/),
    });
  },
);

it('whoever signs a changed bundle again has to be an allowed signer', async () => {
  await stage();
  rewrite({ 'README.txt': otherwise, [REPORT]: of('9.9.9') }, forger);
  await expect(verifyAs()).rejects.toMatchObject({ code: 'not-allowed' });
});

it.each([
  ['of this version', (text: string) => `${text}more\n`, {}],
  ['of no version', otherwise, { [REPORT]: of('') }],
  ['of a version that is none', otherwise, { [REPORT]: of('9.9.9 (verified)') }],
])('a changed document %s is damaged, even where it was signed', async (_, change, report) => {
  await stage();
  rewrite({ 'README.txt': change, ...report }, maker);
  await expect(verifyAs()).rejects.toMatchObject({ code: 'damaged' });
});

it('a file that another version has in a bundle is unknown here, signed or not, and not damage', async () => {
  await stage();
  writeFileSync(at('zz-new.txt'), 'new\n');
  rewrite({ [REPORT]: of('9.9.9') });
  const sums = readFileSync(at('SHA256SUMS'), 'utf8');
  writeFileSync(at('SHA256SUMS'), `${sums}${hash('sha256', 'new\n')}  zz-new.txt\n`);
  const refusal = {
    code: 'document-unknown',
    message: expect.stringContaining('zz-new.txt: has a checksum and is no file of a bundle'),
  };
  await expect(verify()).rejects.toMatchObject(refusal);
  writeFileSync(at('SHA256SUMS.sig'), signed(readFileSync(at('SHA256SUMS'))));
  await expect(verifyAs()).rejects.toMatchObject(refusal);
});
