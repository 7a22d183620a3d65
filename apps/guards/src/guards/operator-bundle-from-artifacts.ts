// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseChecksums } from '@latticra/evidence-format';
import { expectFields } from '../drive.js';
import { GuardFailure } from '../error.js';
import type { Guard } from '../guard.js';
import { putRecordedRelease } from '../release.js';

const LANE = 'latticra-os-image-operator-bundle-from-artifacts';
const VALIDATE = 'latticra-os-image-artifact-manifest-validate';

export const operatorBundleFromArtifacts: Guard = {
  name: 'latticra_os_image_operator_bundle_from_artifacts',
  summary: 'a bundle stands alone and is whole, and nothing unready is bundled',
  async check(drive) {
    const manifest = await putRecordedRelease(drive);
    const bundle = [
      '--artifact-manifest',
      'manifest.txt',
      '--output-dir',
      'bundle',
      '--vm-firmware',
      'seabios',
    ];
    expectFields(await drive.accepts(LANE, ...bundle), {
      bundle_status: 'ok',
      bundle_mode: 'local-artifact-handoff-no-install',
      operator_bundle_ready_for_local_review: 1,
      usb_write_executed: 0,
      qemu_run_performed: 0,
      bootable_os_ready: 0,
    });
    const inBundle = (name: string) => join(drive.folder, 'bundle', name);
    for (const { name, hex } of parseChecksums(readFileSync(inBundle('SHA256SUMS'), 'utf8'))) {
      const found = createHash('sha256')
        .update(readFileSync(inBundle(name)))
        .digest('hex');
      if (found !== hex) throw new GuardFailure(`${LANE}: ${name} is not what SHA256SUMS says`);
    }
    expectFields(await drive.accepts(VALIDATE, '--artifact-manifest', 'bundle/manifest.txt'), {
      artifact_manifest_ready_for_operator_review: 1,
    });
    const sums = readFileSync(inBundle('SHA256SUMS'), 'utf8');
    const validate = ['--artifact-manifest', 'bundle/manifest.txt'];
    drive.file(
      'bundle/SHA256SUMS',
      sums
        .split(/(?<=\n)/)
        .slice(0, 3)
        .join(''),
    );
    await drive.refuses(VALIDATE, validate, 65, /checksum/);
    const usb = readFileSync(inBundle('usb-write-linux.txt'), 'utf8').replaceAll('/dev/sdX', '/dev/sda');
    const digest = createHash('sha256').update(usb).digest('hex');
    drive.file('bundle/usb-write-linux.txt', usb);
    drive.file('bundle/SHA256SUMS', sums.replace(/^.*(?= {2}usb-write-linux\.txt$)/m, digest));
    await drive.refuses(VALIDATE, validate, 65, /usb-write-linux\.txt/);
    await drive.refuses(LANE, bundle, 73, /exists/);
    drive.file(
      'unsigned.txt',
      manifest.replace('iso_signature_path=unsigned-local', 'iso_signature_path=none'),
    );
    await drive.refuses(
      LANE,
      ['--artifact-manifest', 'unsigned.txt', '--output-dir', 'other'],
      65,
      /no signature/,
    );
    drive.file('os.iso', 'another image');
    await drive.refuses(
      LANE,
      ['--artifact-manifest', 'manifest.txt', '--output-dir', 'other'],
      65,
      /os\.iso/,
    );
    if (existsSync(join(drive.folder, 'other')))
      throw new GuardFailure(`${LANE}: refused, and yet left a folder`);
  },
};
