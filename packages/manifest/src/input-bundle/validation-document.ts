// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag, formatDigest } from '@latticra/evidence-format';
import type { ReleaseFixture } from '../fixture/release.js';
import type { InputBundleValidation, VerifiedInput } from './validate.js';

/** Makes the report on an input bundle that was checked. */
export function inputBundleValidationDocument(
  manifestPath: string,
  { readiness }: ReleaseFixture,
  validation: InputBundleValidation,
): EvidenceDocument {
  const { loaded, kernel, initramfs, rootfs } = validation;
  const input = ({ record, resolvedPath, measurement }: VerifiedInput, prefix: string) => ({
    [`${prefix}_path`]: record.path,
    [`${prefix}_resolved_path`]: resolvedPath,
    [`${prefix}_size_bytes`]: measurement.size,
    [`${prefix}_measurement`]: formatDigest(measurement.sha256),
  });
  return {
    title: 'LATTICRA OS IMAGE INPUT BUNDLE VALIDATION',
    fields: fields({
      validation_status: 'ok',
      latticra_os_image_input_bundle_validation_present: flag(
        readiness.os_image_input_bundle_manifest_validation_present,
      ),
      validation_mode: 'no-effect-input-bundle-manifest-check',
      validation_decision: 'metadata-consistency-only-no-readiness-promotion',
      manifest_path: manifestPath,
      input_manifest_path: loaded.path,
      input_bundle_manifest_valid: 1,
      ...input(kernel, 'kernel_image_input'),
      ...input(initramfs, 'initramfs_input'),
      ...input(rootfs, 'rootfs_input'),
      rootfs_input_format: rootfs.record.format,
      rootfs_input_member_count: rootfs.members,
      operator_recovery_path_present: flag(validation.recoveryPathPresent),
      os_image_build_execution_allowed: flag(readiness.os_image_build_execution_allowed),
      usb_write_execution_allowed: flag(readiness.usb_write_execution_allowed),
      qemu_execution_allowed_by_guard: flag(readiness.qemu_execution_allowed_by_guard),
      hardware_install_ready: flag(readiness.hardware_install_ready),
      full_os_install_ready: flag(readiness.full_os_install_ready),
      bootable_os_ready: flag(readiness.bootable_os_ready),
      production_os_claim: flag(readiness.production_os_claim),
      host_mutation_performed: 0,
    }),
    sections: [],
  };
}
