// SPDX-License-Identifier: Apache-2.0
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';
import { COMPLETE, FROM_FILES, ISO_DIGEST, putRelease } from '../release.js';

export const artifactManifestFromFiles: Guard = {
  name: 'latticra_os_image_artifact_manifest_from_files',
  summary: 'files are recorded as they are, and what is no such file is refused',
  async check(drive) {
    putRelease(drive);
    drive.file('a folder/x', '');
    expectFields(await drive.accepts(FROM_FILES, ...COMPLETE), {
      manifest_version: 1,
      artifact_set: 'os-image-release',
      artifact_version: 'local-candidate',
      iso_artifact_path: 'os.iso',
      iso_artifact_sha256: ISO_DIGEST,
      iso_signature_path: 'unsigned-local',
      vm_image_format: 'qcow2',
      operator_recovery_path: 'recovery.md',
      bootable_os_ready: 0,
      production_os_claim: 0,
    });
    expectFields(await drive.accepts(FROM_FILES), { iso_artifact_path: 'none', vm_image_path: 'none' });
    await drive.refuses(FROM_FILES, ['--iso', 'missing.iso'], 66, /missing\.iso/);
    await drive.refuses(FROM_FILES, ['--iso', 'a folder'], 65, /a folder/);
    await drive.refuses(FROM_FILES, ['--vm-image', 'os.qcow2'], 65, /format/);
    await drive.refuses(FROM_FILES, ['--vm-image', 'os.iso', '--vm-format', 'qcow2'], 65, /found an ISO/);
    await drive.refuses(FROM_FILES, ['--iso', 'os.qcow2'], 65, /found a qcow2 image, expected an ISO/);
    drive.file('page.iso', '<!DOCTYPE html><html>404</html>');
    await drive.refuses(FROM_FILES, ['--iso', 'page.iso'], 65, /found an HTML page/);
    drive.file('empty.sig', '');
    await drive.refuses(FROM_FILES, ['--iso', 'os.iso', '--iso-signature', 'empty.sig'], 65, /signature/);
    await drive.refuses(FROM_FILES, ['--operator-recovery-path', 'http://a.example/b'], 65, /https/);
    await drive.refuses(FROM_FILES, ['--iso-signature', 'unsigned-local'], 65, /iso-signature/);
    await drive.refuses(FROM_FILES, ['--iso', 'os.iso', '--iso', 'os.iso'], 64, /twice/);
  },
};
