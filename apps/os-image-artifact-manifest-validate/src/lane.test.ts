// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageOperatorBundle } from '@latticra/operator-bundle';
import { generateEd25519Key, NAMESPACES, signWithKey } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD_LOG, layRecord } from '../../../packages/boot-cases/test/record.js';
import { requestOf, writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { BOOT_ISO, QCOW2_DISK, sha256Of } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'validate-lane-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the validation reports what the fixture says when there is no manifest', async () => {
    const { status, stdout } = await tryLane(lane, [], { cwd });
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      validation_mode: 'no-effect-fixture-check',
      validation_decision: 'blocked-fixture-only-no-artifact-manifest-candidate',
      bootable_os_ready: '0',
    });
  });

  it('the validation finds a bundle ready wherever it was moved to, and a flipped byte in any file of it', async () => {
    await writeRelease(join(cwd, 'release'));
    await stageOperatorBundle(requestOf('release/manifest.txt', 'bundle'), { cwd });
    const moved = join(cwd, 'elsewhere');
    await rename(join(cwd, 'bundle'), moved);
    await rm(join(cwd, 'release'), { recursive: true });
    const validate = () => tryLane(lane, ['--artifact-manifest', join(moved, 'manifest.txt')], { cwd });
    const good = await validate();
    expect(good.stderr).toBe('');
    expect(documentValues(good.stdout)).toMatchObject({
      artifact_manifest_path: join(moved, 'manifest.txt'),
      artifact_manifest_ready_for_operator_review: '1',
    });
    for (const name of await readdir(moved)) {
      const bytes = await readFile(join(moved, name));
      const bad = Buffer.from(bytes);
      bad.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(join(moved, name), bad);
      const { status, stdout } = await validate();
      expect([name, status, stdout]).toEqual([name, 65, '']);
      await writeFile(join(moved, name), bytes);
    }
  });

  it('the validation of a release ends when it is told to, and not by what it would have found', async () => {
    await writeRelease(join(cwd, 'release'));
    await writeFile(join(cwd, 'release', 'os.iso'), 'another');
    const validate = (signal?: AbortSignal) =>
      tryLane(lane, ['--artifact-manifest', 'release/manifest.txt'], { cwd, ...(signal && { signal }) });
    expect((await validate()).status).toBe(65);
    const { status, stdout, stderr } = await validate(AbortSignal.abort());
    expect([status, stdout, stderr]).toEqual([70, '', `${lane.bin}: interrupted\n`]);
  });

  it('the validation says what lies in a bundle without being part of it', async () => {
    await writeRelease(join(cwd, 'release'));
    const bundle = join(cwd, 'bundle');
    await stageOperatorBundle(requestOf('release/manifest.txt', 'bundle'), { cwd });
    await writeFile(join(bundle, 'serial.log'), 'booted');
    const { status, stdout } = await tryLane(lane, ['--artifact-manifest', 'bundle/manifest.txt'], { cwd });
    expect(status).toBe(0);
    expect(stdout).toContain('\n[not_part_of_the_bundle]\nadded_01=serial.log\n');
  });

  describe('with a list of signers', () => {
    const { key, publicLine } = generateEd25519Key('');
    const sign = (image: Uint8Array) =>
      signWithKey(key, NAMESPACES.artifact, Buffer.from(sha256Of(image), 'hex'));
    const flags = ['--artifact-manifest', 'release/manifest.txt', '--allowed-signers', 'allowed'];
    beforeEach(async () => {
      await writeRelease(join(cwd, 'release'), {
        signatures: { iso: sign(BOOT_ISO), vm: sign(QCOW2_DISK) },
      });
      await writeFile(join(cwd, 'allowed'), `alice,bob ${publicLine}`);
      await writeFile(join(cwd, 'revoked'), publicLine);
    });

    it('the validation says whose signatures they are, by what and when', async () => {
      const argv = [...flags, '--signer', 'bob', '--verify-time', '2026-01-01T00:00:00Z'];
      const { status, stdout, stderr } = await tryLane(lane, argv, { cwd });
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^iso_signature_status=verified\nvm_signature_status=verified$/m);
      expect(stdout).toMatch(/\n\[vm_signature\]\nsignature_principal=bob\n/);
      expect(stdout).toMatch(/\nrequired_signer=bob\nverify_time=2026-01-01T00:00:00Z\n/);
    });

    it('the validation of a bundle takes the list that is given, and tells of the signature of its checksums', async () => {
      await stageOperatorBundle(requestOf('release/manifest.txt', 'bundle'), { cwd });
      await writeFile(
        join(cwd, 'bundle/SHA256SUMS.sig'),
        sign(await readFile(join(cwd, 'bundle/SHA256SUMS'))),
      );
      const argv = ['--artifact-manifest', 'bundle/manifest.txt'];
      const without = await tryLane(lane, argv, { cwd });
      expect(without.stdout).toMatch(
        /\nbundle_signature_status=present-unverified\nsignature_key_type=ssh-ed25519\n/,
      );
      expect(without.stdout).toMatch(/^iso_signature_status=present-unverified$/m);
      const given = [...argv, '--allowed-signers', 'allowed', '--signer', 'alice'];
      const { stdout } = await tryLane(lane, given, { cwd });
      expect(stdout).toMatch(/\nbundle_signature_status=verified\nsignature_principal=alice\n/);
      expect(stdout).toMatch(/^iso_signature_status=verified$/m);
    });

    it.each<[string, number, string[], RegExp]>([
      ['two names and no signer', 65, flags, /keys\/iso-signature: .* has no one name.*--signer/],
      ['a revoked key', 65, [...flags, '--signer', 'bob', '--revoked-keys', 'revoked'], /is revoked/],
      ['a signer whose key it is not', 65, [...flags, '--signer', 'eve'], /is not eve's/],
      ['a list that is missing', 66, [...flags.slice(0, 3), 'gone'], /gone: no such file/],
      ['a time without a zone', 64, [...flags, '--verify-time', '2026-01-01'], /--verify-time/],
      ['a signer and no list', 64, [...flags.slice(0, 2), '--signer', 'bob'], /goes with --allowed-signers/],
      ['a list and no manifest', 64, flags.slice(2), /goes with --artifact-manifest/],
    ])('%s is refused without a report', async (_, expected, argv, reason) => {
      const { status, stdout, stderr } = await tryLane(lane, argv, { cwd });
      expect([status, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(reason);
    });
  });

  describe('with records of boots', () => {
    const sha256 = sha256Of(BOOT_ISO);
    const ofIso = { imageBefore: sha256, imageAfter: sha256, imageBytes: BOOT_ISO.length };
    const flags = ['--artifact-manifest', 'release/manifest.txt', '--boot-records', 'records'];
    beforeEach(async () => {
      await writeRelease(join(cwd, 'release'));
      layRecord(join(cwd, 'records'), GOOD_LOG, ofIso);
    });

    it('the validation lists the cases that an image booted in, counts records of others, and claims nothing', async () => {
      layRecord(join(cwd, 'records'), GOOD_LOG, { caseName: 'old_cdrom_bios', imageName: 'old' });
      const { status, stdout } = await tryLane(lane, flags, { cwd });
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /\n\[boot_evidence\]\niso_booted_count=1\niso_booted_01=iso_cdrom_bios cdrom pc-i440fx-7\.2 seabios sha256:\w{64}\niso_refused_count=0\niso_failed_count=0\nvm_image_booted_count=0\nvm_image_refused_count=0\nvm_image_failed_count=0\nrecords_of_other_images=1\n/,
      );
      const { stdout: without } = await tryLane(lane, flags.slice(0, 2), { cwd });
      expect(stdout.replace(/\n\[boot_evidence\]\n(?:.+\n)+/, '')).toBe(without);
      expect(documentValues(stdout)).toMatchObject({ bootable_os_ready: '0', hardware_install_ready: '0' });
    });

    it('the validation shows the records of a bundle, and further ones that are given, each once', async () => {
      const request = { ...requestOf('release/manifest.txt', 'bundle'), bootRecords: 'records' };
      await stageOperatorBundle(request, { cwd });
      const bundled = ['--artifact-manifest', 'bundle/manifest.txt'];
      const own = await tryLane(lane, bundled, { cwd });
      expect(own.stdout).toContain('\n[boot_evidence]\niso_booted_count=1\n');
      layRecord(join(cwd, 'records'), GOOD_LOG, { ...ofIso, caseName: 'iso_usb_bios', attach: 'usb' });
      const more = await tryLane(lane, [...bundled, '--boot-records', 'records'], { cwd });
      expect(more.stdout).toContain('\n[boot_evidence]\niso_booted_count=2\n');
    });

    it.each<[string, number, () => unknown, string]>([
      [
        'does not hold',
        65,
        () => writeFile(join(cwd, 'records/iso_cdrom_bios/serial.log'), 'x'),
        'iso_cdrom_bios',
      ],
      ['has lost its log', 65, () => rm(join(cwd, 'records/iso_cdrom_bios/serial.log')), 'iso_cdrom_bios'],
      [
        'is of another size',
        65,
        () => layRecord(join(cwd, 'records'), GOOD_LOG, { ...ofIso, imageBytes: 1 }),
        'iso_cdrom_bios',
      ],
      [
        'is not there',
        66,
        () => rm(join(cwd, 'records/iso_cdrom_bios'), { recursive: true }),
        'holds no record',
      ],
    ])('the validation refuses a record that %s, by its name', async (_, expected, change, reason) => {
      await change();
      const { status, stdout, stderr } = await tryLane(lane, flags, { cwd });
      expect([status, stdout]).toEqual([expected, '']);
      expect(stderr).toContain(reason);
    });

    it('the validation refuses records without a manifest', async () => {
      const { status } = await tryLane(lane, ['--boot-records', 'records'], { cwd });
      expect(status).toBe(64);
    });
  });
});
