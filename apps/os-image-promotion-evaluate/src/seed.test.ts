// SPDX-License-Identifier: Apache-2.0
/** The boot seed's way to a promotion, by commands alone, as far as a computer gets. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layBoot } from '../../../packages/promotion/test/evidence.js';
import { ALLOWED, KEYS } from '../../../packages/promotion/test/keys.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane as buildLane } from '../../boot-seed-build/src/lane.js';
import { lane as sbomLane } from '../../boot-seed-sbom-generate/src/lane.js';
import { lane as diskLane } from '../../boot-seed-vm-image-build/src/lane.js';
import { lane as manifestLane } from '../../os-image-artifact-manifest-from-files/src/lane.js';
import { lane as reviewLane } from '../../os-image-review-record/src/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'seed-promotion-'));
  for (const who of ['builder@example.org', 'bob@example.org'] as const)
    await writeFile(join(cwd, who), KEYS[who].privateFile, { mode: 0o600 });
  await writeFile(join(cwd, 'allowed_signers'), ALLOWED);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const SOURCE = ['--source-commit', 'c'.repeat(40), '--source-tag', 'v1.0', '--build-environment', 'a test'];
const KEY = ['--sign-key', 'builder@example.org'];
const run = async (which: typeof lane, ...argv: string[]) => {
  const { status, stdout, stderr } = await tryLane(which, argv, { cwd });
  expect([which.bin, status, stderr]).toEqual([which.bin, 0, '']);
  return stdout;
};

it('the boot seed gets everything but an initramfs, and what takes a person, two machines or a repository', async () => {
  for (const folder of ['evidence/one', 'evidence/two']) {
    const to = ['--output-dir', folder];
    await run(buildLane as never, ...to, ...SOURCE, ...KEY, '--build-id', 'test.1');
    await run(diskLane as never, '--kernel', `${folder}/latticra-boot-seed.elf`, ...to, ...SOURCE, ...KEY);
  }
  const at = (name: string) => `evidence/one/${name}`;
  const images = ['--iso', at('latticra-boot-seed.iso'), '--vm-image', at('latticra-boot-seed.qcow2')];
  await run(
    sbomLane as never,
    ...images,
    ...['--kernel', at('latticra-boot-seed.elf'), '--efi-bootloader', at('BOOTX64.EFI')],
    ...['--esp-raw', at('latticra-boot-seed-esp.raw'), '--output', at('sbom.spdx.json')],
  );
  await writeFile(join(cwd, at('recovery.md')), 'write it again\n');
  const manifest = await run(
    manifestLane as never,
    ...images,
    ...['--vm-format', 'qcow2', '--iso-sbom', at('sbom.spdx.json'), '--vm-sbom', at('sbom.spdx.json')],
    ...['--iso-signature', 'unsigned-local', '--vm-signature', 'unsigned-local', '--artifact-version', '1.0'],
    ...['--operator-recovery-path', at('recovery.md'), '--relative-to', 'evidence/one', ...SOURCE],
  );
  await writeFile(join(cwd, at('manifest.txt')), manifest);
  const iso = (documentValues(manifest).iso_artifact_sha256 ?? '').replace('sha256:', '');
  layBoot(join(cwd, 'evidence/boot'), { sha256: iso, size: 1 }, undefined);
  await run(
    reviewLane as never,
    ...['--artifact-manifest', at('manifest.txt'), '--evidence', 'evidence', '--reviewer', 'bob@example.org'],
    ...['--decision', 'approve', '--key', 'bob@example.org', '--output', 'evidence/review.txt'],
  );
  const policy = ['--allowed-signers', 'allowed_signers', '--verify-time', '2026-12-01T00:00:00Z'];
  const stdout = await run(lane, '--evidence-dir', 'evidence', ...policy);
  const values = documentValues(stdout);
  expect([values.system, values.refused_count]).toEqual(['boot-seed', '0']);
  const open = stdout.split('[unsatisfied]\n')[1]?.split('\n\n')[0]?.split('\n') ?? [];
  expect(open.map((line) => line.replace(/^next_\d+=/, '').split(':')[0])).toEqual([
    'source_tag_recorded',
    'initramfs_recorded',
    'hardware_usb_write_transcript_recorded',
    'hardware_install_transcript_recorded',
    'post_install_verification_recorded',
    'uninstall_or_reimage_recovery_recorded',
    'multi_machine_validation_recorded',
  ]);
});
