// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type EvidenceDocument, fields, formatDigest, WITHHELD_AUTHORITY } from '@latticra/evidence-format';
import { UNSIGNED_LOCAL } from '@latticra/manifest';
import type { RecordedFile } from '../files/recorded.js';
import type { ImageBuild } from './build.js';

/** Makes the report on an image build. Building says nothing of booting. */
export function imageBuildDocument(build: ImageBuild): EvidenceDocument {
  const { profile } = build;
  const pair = (name: string, { path, sha256 }: RecordedFile) => ({
    [`${name}_path`]: join(build.outputDir, path),
    [`${name}_sha256`]: formatDigest(sha256),
  });
  return {
    title: 'SEABIOS GRUB BOOT PREVIEW IMAGE BUILD',
    fields: fields({
      build_status: 'ok',
      profile: profile.name,
      artifact_format: profile.artifactFormat,
      target_firmware: profile.targetFirmware,
      target_bootloader: profile.targetBootloader,
      build_id: build.buildId,
      source_date_epoch: build.epoch,
      grub_version: build.grubVersion,
      output_dir: build.outputDir,
      ...pair('disk_image', build.image),
      ...pair('kernel_image', build.kernel),
      ...pair('grub_config', build.grubConfig),
      ...pair('sbom', build.sbom),
      signature_status: UNSIGNED_LOCAL,
      ...pair('boot_artifact_manifest', build.manifest),
      boot_artifact_manifest_validated: 1,
      qemu_run_performed: 0,
      grub_install_invoked: 0,
      host_mutation_performed: 0,
      ...WITHHELD_AUTHORITY,
      bootable_os_ready: 0,
      production_os_claim: 0,
    }),
    sections: [],
  };
}
