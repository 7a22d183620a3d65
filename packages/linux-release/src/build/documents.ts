// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import { artifactManifest, UNSIGNED_LOCAL } from '@latticra/manifest';
import { formatCreated, formatSbom } from '@latticra/sbom';
import {
  type MeasuredArtifact,
  type OperatingSystem,
  type SystemArtifact,
  systemSbom,
} from '@latticra/sbom/root';
import type { ImageFormat } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildOptions } from './options.js';

/** What a file of a release measures. */
export interface Sum {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** The images of a release as they were written. */
export type WrittenImages = Readonly<Partial<Record<ImageFormat, Sum>>>;

/** What a release says of itself, whatever it is made of. */
export type Labels = Pick<
  BuildOptions,
  'artifactVersion' | 'sourceCommit' | 'sourceTag' | 'buildEnvironment' | 'epoch' | 'tool'
>;

/** Returns whether a recovery path is a runbook that is put beside the images: no address, and not left out. */
export const isRunbook = (path: string): boolean => path !== NONE && !/^https:\/\//.test(path);

/** Returns the text of `manifest.txt`: the images under their names, not signed yet. */
export function releaseManifest(
  options: Omit<Labels, 'epoch' | 'tool'>,
  images: WrittenImages,
  recovery: string,
): string {
  const record = (format: ImageFormat, sha256: string) => ({
    path: RELEASE_FILE[format],
    sha256,
    signaturePath: UNSIGNED_LOCAL,
    sbomPath: RELEASE_FILE.sbom,
  });
  const { iso, qcow2, raw } = images;
  const disk = qcow2 ? ('qcow2' as const) : raw ? ('raw' as const) : undefined;
  const measured = qcow2 ?? raw;
  return artifactManifest.format({
    artifactVersion: options.artifactVersion,
    sourceCommit: options.sourceCommit,
    sourceTag: options.sourceTag,
    buildEnvironment: options.buildEnvironment,
    iso: iso && record('iso', iso.sha256),
    vmImage: disk && measured && { ...record(disk, measured.sha256), format: disk },
    operatorRecoveryPath: isRunbook(recovery) ? RELEASE_FILE.recovery : recovery,
  });
}

/** What of a system is listed in its SBOM. */
export interface SbomParts {
  readonly system: OperatingSystem | undefined;
  readonly artifacts: readonly MeasuredArtifact[];
}

const NO_SYSTEM: OperatingSystem = {
  release: undefined,
  packages: [],
  databases: [],
  missing: ['a root'],
  unread: [],
};

/** Returns the text of `sbom.spdx.json`: the packages in the root, and the files of the release. */
export function releaseSbom(
  options: Omit<Labels, 'sourceTag' | 'buildEnvironment'>,
  { system = NO_SYSTEM, artifacts }: SbomParts,
): string {
  return formatSbom(
    systemSbom({
      system,
      artifacts,
      artifactVersion: options.artifactVersion,
      sourceCommit: options.sourceCommit,
      created: formatCreated(options.epoch),
      tool: options.tool,
    }),
  );
}

/** An input as it was given. */
export interface ListedInput extends Sum {
  readonly path: string;
}

/** The files that an SBOM lists. */
export interface ListedFiles {
  readonly images: WrittenImages;
  readonly uki: Sum;
  readonly kernel: ListedInput & { readonly release: string };
  readonly initramfs: ListedInput;
  readonly rootfs: ListedInput | undefined;
}

/** Lists the files of a release, and what it was made from, as its SBOM has them. */
export function listArtifacts({ images, uki, kernel, initramfs, rootfs }: ListedFiles): MeasuredArtifact[] {
  const { iso, qcow2, raw } = images;
  const disk = qcow2 ?? raw;
  return [
    ...(iso ? [listed('iso', RELEASE_FILE.iso, iso)] : []),
    ...(disk ? [listed('vm-image', qcow2 ? RELEASE_FILE.qcow2 : RELEASE_FILE.raw, disk)] : []),
    listed('efi', RELEASE_FILE.uki, uki),
    listed('kernel', baseName(kernel), kernel, kernel.release),
    listed('initramfs', baseName(initramfs), initramfs),
    ...(rootfs ? [listed('rootfs', baseName(rootfs), rootfs)] : []),
  ];
}

const baseName = ({ path }: ListedInput) => path.slice(path.lastIndexOf('/') + 1);

const listed = (
  artifact: SystemArtifact,
  name: string,
  { size, sha256 }: Sum,
  version?: string,
): MeasuredArtifact => ({ artifact, name, size, sha256, ...(version !== undefined && { version }) });
