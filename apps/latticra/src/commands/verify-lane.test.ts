// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BundlePage, stageOperatorBundle } from '@latticra/operator-bundle';
import { generateEd25519Key, NAMESPACES, signWithKey } from '@latticra/signature';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeInputs } from '../../../../packages/linux-release/src/testing/release.js';
import { requestOf, writeRelease } from '../../../../packages/operator-bundle/test/release.js';
import { BOOT_ISO, QCOW2_DISK } from '../../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../../tools/testing/lane.js';
import { lane as build } from '../../../os-image-build/src/lane.js';
import { lane as stage } from '../../../os-image-operator-bundle-from-artifacts/src/lane.js';
import { bundlePage } from '../steps/bundle-page.js';
import { lane } from './verify-lane.js';

let cwd: string;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'verify-'));
  writeInputs(cwd);
  writeFileSync(join(cwd, 'recovery.md'), 'Keep calm.\n');
  const inputs = '--kernel vmlinuz --initramfs initrd.img --rootfs rootfs.tar --build-id b.1';
  for (const [made, argv] of [
    [build, `${inputs} --operator-recovery-path recovery.md --output-dir release`],
    [stage, '--artifact-manifest release/manifest.txt --output-dir bundle'],
  ] as const) {
    expect(await tryLane(made as typeof build, argv.split(' '), { cwd })).toMatchObject({
      status: 0,
      stderr: '',
    });
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const verify = (...argv: string[]) => tryLane(lane, argv, { cwd });

it('a bundle that is whole is verified, and its digests are told', async () => {
  const { status, stdout } = await verify('bundle');
  expect(status).toBe(0);
  expect(documentValues(stdout)).toMatchObject({
    bundle_verified: '1',
    bundle_dir: 'bundle',
    iso_artifact_sha256: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    boot_records: '0',
    files_added: '0',
    page: 'none',
    bootable_os_ready: '0',
  });
});

it('a file that was added is told and not judged', async () => {
  writeFileSync(join(cwd, 'bundle/serial.log'), 'login:');
  const { status, stdout } = await verify('bundle');
  expect(status).toBe(0);
  expect(stdout).toMatch(/\nfiles_added=1\n[\s\S]*\[not_part_of_the_bundle\]\nadded_01=serial\.log\n/);
  rmSync(join(cwd, 'bundle/serial.log'));
});

it('a folder that is none is refused, and one that is not there', async () => {
  expect(await verify('release')).toMatchObject({ status: 66, stdout: '' });
  expect(await verify('gone')).toMatchObject({ status: 66, stdout: '' });
  expect(await verify()).toMatchObject({ status: 64, stderr: expect.stringContaining('--bundle: required') });
});

describe('the page of a bundle', () => {
  const maker = generateEd25519Key('');
  const signed = (bytes: Uint8Array) =>
    signWithKey(maker.key, NAMESPACES.artifact, Buffer.from(hash('sha256', bytes), 'hex'), 'sha256');
  const stagePaged = async (out: string, page: BundlePage) => {
    const signatures = { iso: signed(BOOT_ISO), vm: signed(QCOW2_DISK) };
    await writeRelease(join(cwd, 'paged'), { signatures });
    writeFileSync(join(cwd, 'key'), maker.privateFile, { mode: 0o600 });
    await stageOperatorBundle(
      { ...requestOf('paged/manifest.txt', out), signKey: 'key' },
      { cwd, page, env: { PATH: '' } },
    );
  };

  it('a page of this version is made again', async () => {
    await stagePaged('mine', bundlePage);
    const { status, stdout } = await verify('mine');
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({ page: 'derived-again', page_version: bundlePage.version });
    expect(stdout).not.toContain('[not_derived_again]');
  });

  it('a page of another version is refused, or told as one that nobody derived where its checksum is signed', async () => {
    await stagePaged('theirs', { version: '99.0.0', make: async () => 'a page' });
    expect(await verify('theirs')).toMatchObject({
      status: 65,
      stdout: '',
      stderr: expect.stringMatching(
        /^latticra verify: report\.html: was made by version 99\.0\.0, .*; verify the bundle with version 99\.0\.0, or .*\n$/,
      ),
    });
    writeFileSync(join(cwd, 'allowed'), `me@example.org ${maker.publicLine}`);
    const { status, stdout } = await verify('theirs', '--allowed-signers', 'allowed');
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({ page: 'not-derived-again', page_version: '99.0.0' });
    expect(stdout).toMatch(
      /\n\[not_derived_again\]\npage_note=report\.html was made by version 99\.0\.0, .* is not known\n/,
    );
  });

  it('documents of another version are told by their names where their checksums are signed', async () => {
    await stagePaged('older', { version: '98.0.0', make: async () => 'a page' });
    const at = (name: string) => join(cwd, 'older', name);
    const change = (name: string, from: RegExp, to: string) => {
      const text = readFileSync(at(name), 'utf8').replace(from, to);
      writeFileSync(at(name), text);
      const sums = readFileSync(at('SHA256SUMS'), 'utf8');
      writeFileSync(
        at('SHA256SUMS'),
        sums.replace(new RegExp(`\\w{64}(  ${name}\n)`), `${hash('sha256', text)}$1`),
      );
    };
    change('operator-bundle-report.txt', /documents_version=.*/, 'documents_version=98.0.0');
    change('README.txt', /READ THIS FIRST/, 'READ THIS');
    writeFileSync(at('SHA256SUMS.sig'), signed(readFileSync(at('SHA256SUMS'))));
    writeFileSync(join(cwd, 'allowed'), `me@example.org ${maker.publicLine}`);
    const { status, stdout } = await verify('older', '--allowed-signers', 'allowed');
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      documents: 'not-derived-again',
      documents_version: '98.0.0',
    });
    expect(stdout).toMatch(/\ndocument_note_01=README\.txt was made by version 98\.0\.0, .* is not known\n/);
    expect(await verify('older')).toMatchObject({ status: 65, stdout: '' });
  });
});

it('one byte more in any file of a bundle is found', async () => {
  appendFileSync(join(cwd, 'bundle/README.txt'), '\n');
  expect(await verify('bundle')).toMatchObject({
    status: 65,
    stdout: '',
    stderr: expect.stringMatching(/^latticra verify: README\.txt: expected sha256:/),
  });
});
