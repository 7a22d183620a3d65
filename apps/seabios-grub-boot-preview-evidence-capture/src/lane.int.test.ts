// SPDX-License-Identifier: Apache-2.0
/** The way from an image to evidence, by commands alone. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { CAPTURE_TOOLS } from '../../../packages/boot-preview/test/captures.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane as manifestLane } from '../../seabios-grub-boot-preview-boot-artifact-manifest-validate/src/lane.js';
import { lane as validateLane } from '../../seabios-grub-boot-preview-evidence-validate/src/lane.js';
import { lane as buildLane } from '../../seabios-grub-boot-preview-image-build/src/lane.js';
import { lane } from './lane.js';

const PROFILE = 'x86_64-grub2-bios-preview';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'capture-lane-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const outside = () => ({ cwd, env: process.env });
const values = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
  expect(stderr).toBe('');
  return documentValues(stdout);
};

describe(lane.bin, () => {
  itWith(
    CAPTURE_TOOLS,
    'the capture records the boot of an image that was built, and nothing without consent',
    async () => {
      const built = values(await tryLane(buildLane, ['--profile', PROFILE], outside()));
      const manifest = `build/boot-preview/${PROFILE}/${PROFILE}-boot-artifact-manifest.txt`;
      expect(built).toMatchObject({ boot_artifact_manifest_path: manifest, bootable_os_ready: '0' });
      const checked = await tryLane(manifestLane, ['--boot-artifact-manifest', manifest], outside());
      expect(values(checked)).toMatchObject({
        boot_artifact_manifest_candidate_ready: '1',
        build_id: built.build_id,
        signature_status: 'unsigned-local',
        bootable_os_ready: '0',
      });

      const argv = [
        ...['--profile', PROFILE, '--boot-artifact-manifest', manifest],
        ...['--operator-review-id', 'review-7', '--operator-consent', 'consent.txt'],
        ...['--output-dir', 'evidence'],
      ];
      expect(await tryLane(lane, argv, outside())).toMatchObject({ status: 66, stdout: '' });
      const consent = (sha256: string) =>
        writeFile(
          join(cwd, 'consent.txt'),
          `LATTICRA OPERATOR CONSENT\noperator_review_id=review-7\nprofile=${PROFILE}\ndisk_image_sha256=${sha256}\nqemu_execution_consented=1\n`,
        );
      await consent(`sha256:${'0'.repeat(64)}`);
      const refused = await tryLane(lane, argv, outside());
      expect(refused).toMatchObject({ status: 65, stdout: '' });
      expect(refused.stderr).toMatch(/consent\.txt: disk_image_sha256: not-consented: /);
      await consent(built.disk_image_sha256 ?? '');
      const dry = await tryLane(lane, [...argv, '--dry-run'], outside());
      expect(dry.stdout).toMatch(/qemu-system-x86_64 -nodefaults .* -nic none /);
      expect(await readdir(cwd)).not.toContain('evidence');

      const captured = values(await tryLane(lane, argv, outside()));
      expect(captured).toMatchObject({
        evidence_path: `evidence/${PROFILE}-evidence.txt`,
        build_id: built.build_id,
        screenshot_recorded: '1',
        seabios_grub_boot_claim_allowed: '0',
        bootable_os_ready: '0',
      });

      const record = captured.evidence_path ?? '';
      expect(values(await tryLane(validateLane, ['--evidence', record], outside()))).toMatchObject({
        boot_evidence_candidate_ready: '0',
        qemu_grub2_bios_boot_validation_completed: '1',
        qemu_i440fx_seabios_boot_validation_completed: '0',
      });
      const doubled = await tryLane(validateLane, ['--evidence', record, record], outside());
      expect(doubled).toMatchObject({ status: 65, stdout: '' });
      expect(doubled.stderr).toContain('doubled-profile');
      expect(await tryLane(lane, argv, outside())).toMatchObject({ status: 73, stdout: '' });
    },
    120_000,
  );
});
