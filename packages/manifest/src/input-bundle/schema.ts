// SPDX-License-Identifier: Apache-2.0

/** The title line of an input bundle manifest. */
export const INPUT_BUNDLE_TITLE = 'LATTICRA OS IMAGE INPUT BUNDLE MANIFEST';

/** The formats of a root file system. */
export const ROOTFS_FORMATS = ['tar', 'tar.gz'] as const;
export type RootfsFormat = (typeof ROOTFS_FORMATS)[number];

/** One input of an image build as a manifest records it. */
export interface InputRecord {
  /** As written: absolute, or relative to the manifest's folder. */
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** The root file system has a format besides. */
export interface RootfsRecord extends InputRecord {
  readonly format: RootfsFormat;
}

/** What an OS image is built from. */
export interface InputBundleManifest {
  readonly sourceCommit: string;
  readonly buildEnvironment: string;
  readonly kernel: InputRecord;
  readonly initramfs: InputRecord;
  readonly rootfs: RootfsRecord;
  /** A path, a URL, or `none`. */
  readonly operatorRecoveryPath: string;
}
