// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import type { SeedBuildValidation } from './validate.js';

/**
 * Makes the report on a build of the boot seed that was taken apart.
 * @param sourceTagVerified whether the recorded tag stands for the recorded commit: 1, or why that is not known
 */
export function seedValidationDocument(
  manifestPath: string,
  { path, sha256, record, inputsMeasured }: SeedBuildValidation,
  sourceTagVerified: 1 | string,
): EvidenceDocument {
  const { iso, vmImage, grubConfig } = record;
  const image = (key: string, found: { readonly sha256: string } | undefined) => ({
    [`${key}_verified`]: flag(found !== undefined),
    ...(found && { [`${key}_sha256`]: formatDigest(found.sha256) }),
  });
  return {
    title: 'LATTICRA BOOT SEED BUILD VALIDATION',
    sections: [],
    fields: fields({
      validation_status: 'ok',
      latticra_boot_seed_build_validation_present: 1,
      validation_mode: 'taken-apart-and-built-again',
      validation_decision: 'contents-of-the-images-only-no-readiness-promotion',
      manifest_path: manifestPath,
      build_record_path: path,
      build_record_sha256: formatDigest(sha256),
      tool_name: record.tool.name,
      tool_version: record.tool.version,
      boot_seed_build_id: record.buildId ?? NONE,
      ...image('iso', iso),
      ...image('vm_image_qcow2', vmImage),
      kernel_image_verified: 1,
      kernel_image_sha256: formatDigest(record.kernel.sha256),
      initramfs_recorded: 0,
      bootloader_configuration_verified: 1,
      grub_cfg_sha256: grubConfig ? formatDigest(grubConfig.sha256) : NONE,
      build_command_repeated: 1,
      inputs_measured: flag(inputsMeasured),
      source_commit: record.sourceCommit,
      source_tag: record.sourceTag,
      source_tag_object: record.sourceTagObject,
      source_tag_verified: sourceTagVerified,
      build_environment: record.buildEnvironment,
      ...WITHHELD_AUTHORITY,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
    }),
  };
}
