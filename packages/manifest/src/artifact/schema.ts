// SPDX-License-Identifier: Apache-2.0

/** The title line of an artifact manifest. */
export const ARTIFACT_MANIFEST_TITLE = 'LATTICRA OS IMAGE ARTIFACT MANIFEST';

/** Stands for "there is none" wherever a manifest has a path, a digest or a tag. */
export const NONE = 'none';

/** Stands where a signature's path would, for an image that is knowingly handed over unsigned. */
export const UNSIGNED_LOCAL = 'unsigned-local';

/** The formats of a VM image. */
export const VM_IMAGE_FORMATS = ['qcow2', 'raw'] as const;
export type VmImageFormat = (typeof VM_IMAGE_FORMATS)[number];

/** One artifact as a manifest records it. Paths are as written: absolute, or relative to the manifest's folder. */
export interface ArtifactRecord {
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** A path, `unsigned-local`, or `none`. */
  readonly signaturePath: string;
  /** A path, or `none`. */
  readonly sbomPath: string;
}

/** A VM image has a format besides. */
export interface VmImageRecord extends ArtifactRecord {
  readonly format: VmImageFormat;
}

/** What a release consists of. An artifact that does not exist is `undefined`, never half recorded. */
export interface ArtifactManifest {
  readonly artifactVersion: string;
  readonly sourceCommit: string;
  /** A tag, or `none`. */
  readonly sourceTag: string;
  readonly buildEnvironment: string;
  readonly iso: ArtifactRecord | undefined;
  readonly vmImage: VmImageRecord | undefined;
  /** A path, a URL, or `none`. */
  readonly operatorRecoveryPath: string;
}
