// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  type Section,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import type { SourceTagStatus } from '@latticra/manifest';
import type { ImageFormat } from '../record/formats.js';

import type { ReleaseValidation } from './validate.js';

/** Makes the report on a release that was taken apart, and whose tag was looked for. */
export function releaseValidationDocument(
  manifestPath: string,
  validation: ReleaseValidation,
  sourceTag: SourceTagStatus,
): EvidenceDocument {
  const { record, images, added } = validation;
  const { rootfs } = record;
  const image = (format: ImageFormat, key: string) => {
    const sum = images[format];
    return sum === undefined
      ? { [`${key}_verified`]: 0 }
      : {
          [`${key}_verified`]: 1,
          [`${key}_size_bytes`]: sum.size,
          [`${key}_sha256`]: formatDigest(sum.sha256),
        };
  };
  return {
    title: 'LATTICRA OS IMAGE BUILD VALIDATION',
    fields: fields({
      validation_status: 'ok',
      latticra_os_image_build_validation_present: 1,
      validation_mode: validation.inputsRebuilt
        ? 'built-again-from-inputs'
        : 'taken-apart-and-put-together-again',
      validation_decision: 'contents-of-the-release-only-no-readiness-promotion',
      manifest_path: manifestPath,
      build_record_path: validation.path,
      build_record_sha256: formatDigest(validation.sha256),
      tool_name: record.tool.name,
      tool_version: record.tool.version,
      artifact_version: record.artifactVersion,
      build_id: record.buildId,
      ...image('iso', 'iso'),
      ...image('qcow2', 'vm_image_qcow2'),
      ...image('raw', 'vm_image_raw'),
      uki_verified: 1,
      uki_sha256: formatDigest(record.uki.sha256),
      uki_signatures_in_images: validation.signatures,
      uefi_stub_is_ours: 1,
      bios_loader_is_ours: 1,
      initramfs_helper_is_ours: rootfs === undefined ? NONE : 1,
      kernel_image_verified: 1,
      kernel_image_release: record.kernel.release,
      initramfs_verified: 1,
      command_line_verified: 1,
      command_line: record.commandLine,
      root_mode: record.rootMode,
      root_image_verified: flag(rootfs !== undefined),
      root_verity_verified: flag(rootfs?.image.verityHash !== undefined),
      root_verity_hash: rootfs?.image.verityHash ?? NONE,
      manifest_verified: 1,
      sbom_verified: 1,
      sbom_derived_from_root: validation.sbomDerived ? 1 : 'unknown',
      source_tag_verified: sourceTag === 'verified' ? 1 : sourceTag,
      inputs_rebuilt: flag(validation.inputsRebuilt),
      ...WITHHELD_AUTHORITY,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
    }),
    sections: [recordedOnly(validation), ...addedSection(added)],
  };
}

/** Lists what the record says of the inputs and of where it was built: nothing in the release tells it. */
function recordedOnly({ record, inputsRebuilt }: ReleaseValidation): Section {
  const { kernel, initramfs, rootfs } = record;
  return {
    name: inputsRebuilt ? 'inputs_measured' : 'recorded_only',
    fields: fields({
      kernel_image_path: kernel.path,
      initramfs_path: initramfs.path,
      rootfs_path: rootfs?.path ?? NONE,
      rootfs_sha256: rootfs === undefined ? NONE : formatDigest(rootfs.sha256),
      source_commit: record.sourceCommit,
      source_tag: record.sourceTag,
      source_tag_object: record.sourceTagObject,
      build_environment: record.buildEnvironment,
    }),
  };
}

function addedSection(names: readonly string[]): Section[] {
  if (names.length === 0) return [];
  const listed = names.map((name, index) => [`added_${String(index + 1).padStart(2, '0')}`, name] as const);
  return [{ name: 'not_part_of_the_release', fields: fields(Object.fromEntries(listed)) }];
}
