// SPDX-License-Identifier: Apache-2.0
/** The page of a bundle, and who may say which version made it. */
import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519Key, loadSigners, NAMESPACES, signWithKey } from '@latticra/signature';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOOT_ISO, QCOW2_DISK } from '../../../tools/testing/images.js';
import { requestOf, writeRelease } from '../test/release.js';
import type { BundlePage } from './page.js';
import { stageOperatorBundle } from './stage.js';
import { type VerifyOptions, verifyOperatorBundle } from './verify/verify.js';

const maker = generateEd25519Key('');
const forger = generateEd25519Key('');
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bundle-page-'));
  writeFileSync(join(cwd, 'key'), maker.privateFile, { mode: 0o600 });
  writeFileSync(join(cwd, 'allowed'), `release@example.org ${maker.publicLine}`);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const at = (name: string) => join(cwd, 'out', name);
/** A page that lists the files of a folder, as a version makes it. */
const pageBy = (version: string): BundlePage => ({
  version,
  make: async (folder, leaveOut) =>
    `<p>${version}: ${readdirSync(folder)
      .filter((name) => !leaveOut.includes(name))
      .sort()}</p>`,
});
const signed = (bytes: Uint8Array | string, { key } = maker) =>
  signWithKey(key, NAMESPACES.artifact, Buffer.from(hash('sha256', bytes), 'hex'), 'sha256');

/** Stages a bundle with a page of version 1.0.0; its checksums are signed where a key is named. */
async function stage(signKey?: string): Promise<void> {
  await writeRelease(join(cwd, 'release'), {
    signatures: { iso: signed(BOOT_ISO), vm: signed(QCOW2_DISK) },
  });
  await stageOperatorBundle(
    { ...requestOf('release/manifest.txt', 'out'), ...(signKey !== undefined && { signKey }) },
    { cwd, page: pageBy('1.0.0') },
  );
}

/** Changes files of the bundle, and writes SHA256SUMS anew, as whoever can write there does; not its signature. */
function forge(changes: Readonly<Record<string, (text: string) => string>>): void {
  let sums = readFileSync(at('SHA256SUMS'), 'utf8');
  for (const [name, change] of Object.entries(changes)) {
    const text = change(readFileSync(at(name), 'utf8'));
    writeFileSync(at(name), text);
    sums = sums.replace(new RegExp(`^\\w{64}(  ${name})$`, 'm'), `${hash('sha256', text)}$1`);
  }
  writeFileSync(at('SHA256SUMS'), sums);
}
const lie = () => '<p>all twenty fields hold</p>';
/** A page that lies, and documents that call it the work of a version. */
const lying = (version: string) => ({
  'report.html': lie,
  'operator-bundle-report.txt': (text: string) =>
    text.replace('\npage_version=1.0.0\n', `\npage_version=${version}\n`),
  'README.txt': (text: string) => text.replace('made by Latticra 1.0.0', `made by Latticra ${version}`),
});

const verify = (version: string, options: VerifyOptions = {}) =>
  verifyOperatorBundle(join(cwd, 'out'), { page: pageBy(version), ...options });
const verifyAs = async (version: string) =>
  verify(version, { signers: await loadSigners({ allowedSigners: join(cwd, 'allowed'), at: new Date() }) });

it('the version that made a page makes it again, and says so', async () => {
  await stage();
  expect(readFileSync(at('operator-bundle-report.txt'), 'utf8')).toContain('\npage_version=1.0.0\n');
  expect((await verify('1.0.0')).page).toEqual({ status: 'derived-again', version: '1.0.0' });
  expect((await verifyOperatorBundle(join(cwd, 'out'))).page).toEqual({
    status: 'not-derived-again',
    version: '1.0.0',
  });
});

it('the page of another version is held to its checksum where an allowed signer signed that, and is not said to be derived', async () => {
  await stage('key');
  expect((await verifyAs('2.0.0')).page).toEqual({ status: 'not-derived-again', version: '1.0.0' });
  writeFileSync(at('report.html'), lie());
  await expect(verifyAs('2.0.0')).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(/^report\.html: expected sha256:/),
  });
});

it.each([
  ['nobody signed', undefined],
  ['somebody signed whom no list names', 'key'],
])('the page of another version is refused where %s, for nothing shows what it is of', async (_, key) => {
  await stage(key);
  await expect(verify('2.0.0')).rejects.toMatchObject({
    code: 'page-unknown',
    kind: 'data',
    message:
      'report.html: was made by version 1.0.0, and this is 2.0.0, which cannot tell whether it shows what lies here',
    fix: expect.stringMatching(/1\.0\.0.*--allowed-signers/),
  });
});

it.each<[string, string, string]>([
  ['calls itself the work of another version', '9.9.9', 'page-unknown'],
  ['calls itself the work of this version', '1.0.0', 'damaged'],
  ['has a version that is none', '1.0.0 (verified)', 'damaged'],
  ['has no version', '', 'damaged'],
])('a forged page that %s is refused where no signature hinders', async (_, version, code) => {
  await stage();
  forge(lying(version));
  await expect(verify('1.0.0')).rejects.toMatchObject({ code });
});

it('a forged page in a bundle that was signed is refused, whatever version it is of and whoever signs it again', async () => {
  await stage('key');
  forge(lying('9.9.9'));
  await expect(verifyAs('1.0.0')).rejects.toMatchObject({ code: 'not-verified' });
  writeFileSync(at('SHA256SUMS.sig'), signed(readFileSync(at('SHA256SUMS')), forger));
  await expect(verifyAs('1.0.0')).rejects.toMatchObject({ code: 'not-allowed' });
  await expect(verify('1.0.0')).rejects.toMatchObject({ code: 'page-unknown' });
});

it('a page that the report no longer names is no part of the bundle, and is told as that', async () => {
  await stage();
  forge({
    'operator-bundle-report.txt': (text) => text.replace('page_version=1.0.0\n', ''),
    'README.txt': (text) => text.replace(/ {3}report\.html\n.*\n/, ''),
  });
  const sums = readFileSync(at('SHA256SUMS'), 'utf8');
  writeFileSync(at('SHA256SUMS'), sums.replace(/^\w{64} {2}report\.html\n/m, ''));
  const added: string[] = [];
  const found = await verify('1.0.0', { onAdded: (name) => added.push(name) });
  expect(found.page).toEqual({ status: 'none', version: undefined });
  expect(added).toEqual(['report.html']);
});
