// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, formatDigest } from '@latticra/evidence-format';
import { INPUT_BUNDLE_TITLE, type InputBundleManifest } from './schema.js';

/** The input bundle manifest as a document: its 14 fields, in their order. */
export function inputBundleDocument(manifest: InputBundleManifest): EvidenceDocument {
  const { kernel, initramfs, rootfs } = manifest;
  return {
    title: INPUT_BUNDLE_TITLE,
    fields: fields({
      manifest_version: 1,
      bundle_kind: 'os-image-build-inputs',
      source_commit: manifest.sourceCommit,
      build_environment: manifest.buildEnvironment,
      kernel_image_input_path: kernel.path,
      kernel_image_input_sha256: formatDigest(kernel.sha256),
      initramfs_input_path: initramfs.path,
      initramfs_input_sha256: formatDigest(initramfs.sha256),
      rootfs_input_path: rootfs.path,
      rootfs_input_format: rootfs.format,
      rootfs_input_sha256: formatDigest(rootfs.sha256),
      operator_recovery_path: manifest.operatorRecoveryPath,
      bootable_os_ready: 0,
      production_os_claim: 0,
    }),
    sections: [],
  };
}
