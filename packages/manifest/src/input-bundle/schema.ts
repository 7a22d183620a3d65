// SPDX-License-Identifier: Apache-2.0
import {
  always,
  called,
  claims,
  type DocumentValue,
  defineDocument,
  digest,
  field,
  NONE,
  oneOf,
  orWord,
  path,
  text,
} from '@latticra/evidence-format/define';

/** The formats of a root file system. */
export const ROOTFS_FORMATS = ['tar', 'tar.gz'] as const;
export type RootfsFormat = (typeof ROOTFS_FORMATS)[number];

/** What an OS image is built from. Paths are as written: absolute, or relative to the manifest's folder. */
export const inputBundle = defineDocument('LATTICRA OS IMAGE INPUT BUNDLE MANIFEST', [
  always('manifest_version', 1),
  always('bundle_kind', 'os-image-build-inputs'),
  field('source_commit', 'sourceCommit', text),
  field('build_environment', 'buildEnvironment', text),
  field('kernel_image_input_path', 'kernel.path', path),
  field('kernel_image_input_sha256', 'kernel.sha256', digest),
  field('initramfs_input_path', 'initramfs.path', path),
  field('initramfs_input_sha256', 'initramfs.sha256', digest),
  field('rootfs_input_path', 'rootfs.path', path),
  field('rootfs_input_format', 'rootfs.format', oneOf(ROOTFS_FORMATS)),
  field('rootfs_input_sha256', 'rootfs.sha256', digest),
  field(
    'operator_recovery_path',
    'operatorRecoveryPath',
    orWord(called(path, 'a path, a URL', 'path', 'url'), NONE),
  ),
  ...claims('bootable_os_ready', 'production_os_claim'),
]);
export type InputBundleManifest = DocumentValue<typeof inputBundle>;

/** One input of an image build as a manifest records it. */
export type InputRecord = InputBundleManifest['kernel'];

/** The root file system as a manifest records it: an input, and its format. */
export type RootfsRecord = InputBundleManifest['rootfs'];
