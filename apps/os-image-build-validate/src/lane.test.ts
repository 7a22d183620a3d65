// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSeed, writeSeedRecord } from '@latticra/boot-seed';
import { buildRecord, buildRelease } from '@latticra/linux-release';
import { generateEd25519Key, takeSigningKey } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READINESS_CLAIMS } from '../../../packages/evidence-format/src/index.js';
import { optionsIn, writeInputs } from '../../../packages/linux-release/src/testing/release.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'build-validate-'));
  writeInputs(cwd);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const RECORD = 'out/os-image-build.txt';
const validate = (...argv: string[]) => tryLane(lane, ['--build-record', RECORD, ...argv], { cwd });

describe(lane.bin, () => {
  it('the validation says of each part of a release that it holds, claims nothing, and writes nothing', async () => {
    const record = await buildRelease(optionsIn(cwd));
    const before = await readdir(cwd, { recursive: true });
    const { status, stdout, stderr } = await validate();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toBe('LATTICRA OS IMAGE BUILD VALIDATION');
    expect(documentValues(stdout)).toMatchObject({
      validation_status: 'ok',
      validation_mode: 'taken-apart-and-put-together-again',
      build_record_path: RECORD,
      iso_verified: '1',
      iso_sha256: `sha256:${record.iso?.sha256}`,
      vm_image_qcow2_verified: '1',
      vm_image_raw_verified: '0',
      uki_verified: '1',
      uefi_stub_is_ours: '1',
      bios_loader_is_ours: '1',
      initramfs_helper_is_ours: '1',
      root_verity_verified: '1',
      root_verity_hash: record.rootfs?.image.verityHash,
      sbom_derived_from_root: '1',
      inputs_rebuilt: '0',
      ...Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0'])),
    });
    expect(stdout).toContain('\n[recorded_only]\nkernel_image_path=vmlinuz\n');
    expect(await readdir(cwd, { recursive: true })).toEqual(before);
  });

  it('the validation takes the record of a boot seed as well, and refuses one whose command makes other bytes', async () => {
    const record = 'seed/boot-seed-build-record.txt';
    await writeSeedRecord(
      await buildSeed({ outputDir: join(cwd, 'seed'), buildId: 'a', env: { PATH: '' } }),
      {
        sourceCommit: 'unknown',
        sourceTag: 'none',
        sourceTagObject: 'none',
        buildEnvironment: 'a test',
        tool: { name: 'a test', version: '0' },
        outputDir: 'seed',
        kernel: undefined,
        grubConfig: undefined,
      },
    );
    const ofSeed = () => tryLane(lane, ['--build-record', record], { cwd });
    const { status, stdout } = await ofSeed();
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      build_record_path: record,
      iso_verified: '1',
      vm_image_qcow2_verified: '0',
      build_command_repeated: '1',
      source_tag_verified: 'none',
      ...Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0'])),
    });
    const text = await readFile(join(cwd, record), 'utf8');
    await writeFile(join(cwd, record), text.replace(/(EPOCH=|_epoch=)0/g, '$11'));
    const refused = await ofSeed();
    expect([refused.status, refused.stdout]).toEqual([65, '']);
    expect(refused.stderr).toMatch(
      /latticra-boot-seed\.iso: the command in its record gives another byte \d+; /,
    );
  });

  it('the validation says who signed the record, and refuses one that nobody who counts has signed', async () => {
    const { key, privateFile, publicLine } = generateEd25519Key('builder');
    await writeFile(join(cwd, 'key'), privateFile, { mode: 0o600 });
    await writeFile(join(cwd, 'allowed'), `builder@example.org namespaces="latticra-build" ${publicLine}`);
    const signer = await takeSigningKey(join(cwd, 'key'), { cwd, env: { PATH: '' } });
    await buildRelease(optionsIn(cwd, { root: 'none', rootfs: undefined, signer }));
    const verified = await validate('--allowed-signers', 'allowed', '--verify-time', '2026-01-01T00:00:00Z');
    expect(verified.status).toBe(0);
    expect(documentValues(verified.stdout)).toMatchObject({
      build_record_signature: 'verified',
      build_record_signer: 'builder@example.org',
      build_record_signing_key: key.publicKey.fingerprint,
      signatures_verified_at: '2026-01-01T00:00:00.000Z',
    });
    expect(verified.stdout).not.toContain('not_part_of_the_release');
    expect(documentValues((await validate()).stdout)).toMatchObject({
      build_record_signature: 'by-an-unknown-key',
    });
    await writeFile(join(cwd, 'allowed'), `builder@example.org namespaces="latticra-boot" ${publicLine}`);
    const refused = await validate('--allowed-signers', 'allowed');
    expect([refused.status, refused.stdout]).toEqual([65, '']);
    expect(refused.stderr).toContain('os-image-build.txt.sig: the key SHA256:');
    await rm(join(cwd, `${RECORD}.sig`));
    const unsigned = await validate('--allowed-signers', 'allowed');
    expect(unsigned.stderr).toContain('os-image-build.txt: has no signature beside it; sign it, as ');
    expect(documentValues((await validate()).stdout)).toMatchObject({ build_record_signature: 'none' });
  });

  it('the validation builds again where inputs are asked for', async () => {
    await buildRelease(optionsIn(cwd, { root: 'none', rootfs: undefined }));
    const { status, stdout } = await validate('--inputs');
    expect(status).toBe(0);
    expect(documentValues(stdout)).toMatchObject({
      validation_mode: 'built-again-from-inputs',
      inputs_rebuilt: '1',
      root_mode: 'none',
      root_image_verified: '0',
      root_verity_verified: '0',
      root_verity_hash: 'none',
      initramfs_helper_is_ours: 'none',
    });
    expect(stdout).toContain('\n[inputs_measured]\nkernel_image_path=vmlinuz\n');
    await rm(join(cwd, 'vmlinuz'));
    expect(await validate('--inputs')).toMatchObject({ status: 66, stdout: '' });
  });

  it('the validation names what lies beside a release', async () => {
    await buildRelease(optionsIn(cwd));
    await writeFile(join(cwd, 'out/serial.log'), 'booted');
    const { stdout } = await validate();
    expect(stdout).toContain('\n[not_part_of_the_release]\nadded_01=serial.log\n');
  });

  it('a flipped bit in any file of a release is refused, and so is a record that is not there', async () => {
    await buildRelease(optionsIn(cwd));
    for (const name of await readdir(join(cwd, 'out'))) {
      const path = join(cwd, 'out', name);
      const bytes = await readFile(path);
      const bad = Buffer.from(bytes);
      bad.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(path, bad);
      const { status, stdout, stderr } = await validate();
      expect([name, status, stdout, stderr.split('\n').length]).toEqual([name, 65, '', 2]);
      await writeFile(path, bytes);
    }
    await rm(join(cwd, RECORD));
    expect(await validate()).toMatchObject({ status: 66, stdout: '' });
  });

  it('a record that claims something is refused', async () => {
    const record = await buildRelease(optionsIn(cwd));
    const text = buildRecord.format(record).replace('bootable_os_ready=0', 'bootable_os_ready=1');
    await writeFile(join(cwd, RECORD), text);
    const { status, stdout, stderr } = await validate();
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/os-image-build\.txt: .*bootable_os_ready: expected .*0.*found/);
  });
});
