// SPDX-License-Identifier: Apache-2.0
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';
import { ISO, putRecordedRelease } from '../release.js';

const LANE = 'latticra-os-image-artifact-manifest-validate';

export const artifactManifestValidate: Guard = {
  name: 'latticra_os_image_artifact_manifest_validate',
  summary: 'a consistent manifest is found ready, and any other is refused or named incomplete',
  async check(drive) {
    expectFields(await drive.accepts(LANE), {
      validation_mode: 'no-effect-fixture-check',
      validation_decision: 'blocked-fixture-only-no-artifact-manifest-candidate',
    });
    const manifest = await putRecordedRelease(drive);
    const validate = ['--artifact-manifest', 'manifest.txt'];
    expectFields(await drive.accepts(LANE, ...validate), {
      artifact_manifest_metadata_consistent: 1,
      artifact_manifest_ready_for_operator_review: 1,
      iso_checksum_verified_by_validator: 1,
      vm_image_checksum_verified_by_validator: 1,
      iso_sbom_valid: 1,
      iso_signature_status: 'unsigned-local',
      bootable_os_ready: 0,
      production_os_claim: 0,
    });
    const changed = async (from: RegExp, to: string, status: number, reason: RegExp) => {
      drive.file('changed.txt', manifest.replace(from, to));
      await drive.refuses(LANE, ['--artifact-manifest', 'changed.txt'], status, reason);
    };
    await changed(/bootable_os_ready=0/, 'bootable_os_ready=1', 65, /bootable_os_ready/);
    await changed(/bootable_os_ready=0/, 'bootable_os_ready=0\nbootable_os_ready=1', 65, /bootable_os_ready/);
    await changed(/iso_artifact_path=os\.iso/, 'iso_artifact_path=none', 65, /none/);
    await changed(/iso_artifact_path=os\.iso/, 'iso_artifact_path=missing.iso', 66, /missing\.iso/);
    await changed(/iso_artifact_sha256=sha256:./, 'iso_artifact_sha256=sha256:x', 65, /iso_artifact_sha256/);
    await changed(/source_tag=.*\n/, '', 65, /source_tag/);
    await changed(/$/, 'extra=1\n', 65, /extra/);
    drive.file(
      'unsigned.txt',
      manifest.replace('iso_signature_path=unsigned-local', 'iso_signature_path=none'),
    );
    expectFields(await drive.accepts(LANE, '--artifact-manifest', 'unsigned.txt'), {
      artifact_manifest_ready_for_operator_review: 0,
      iso_signature_status: 'none',
    });
    drive.file('os.iso', Buffer.concat([ISO, Buffer.from('!')]));
    await drive.refuses(LANE, validate, 65, /os\.iso: expected sha256:/);
  },
};
