// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import type { Measurement } from '@latticra/held-files';
import { artifactManifest, UNSIGNED_LOCAL } from '@latticra/manifest';
import { formatCreated, formatSbom } from '@latticra/sbom';
import {
  type MeasuredArtifact,
  type OperatingSystem,
  type SystemArtifact,
  systemSbom,
} from '@latticra/sbom/root';
import { RELEASE_FILE } from './names.js';
import type { BuildOptions, ImageFormat } from './options.js';

/** The images of a release as they were written. */
export type WrittenImages = Readonly<Partial<Record<ImageFormat, Measurement>>>;

/** Returns the text of `manifest.txt`: the images under their names, not signed yet. */
export function releaseManifest(options: BuildOptions, images: WrittenImages, recovery: string): string {
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
    operatorRecoveryPath: recovery === '' ? NONE : recovery,
  });
}

/** What of a system is listed in its SBOM. */
export interface SbomParts {
  readonly system: OperatingSystem | undefined;
  readonly artifacts: readonly MeasuredArtifact[];
}

const NO_SYSTEM: OperatingSystem = { release: undefined, packages: [], databases: [], missing: ['a root'] };

/** Returns the text of `sbom.spdx.json`: the packages in the root, and the files of the release. */
export function releaseSbom(options: BuildOptions, { system = NO_SYSTEM, artifacts }: SbomParts): string {
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

/** Lists a file of a release in its SBOM. */
export const listed = (
  artifact: SystemArtifact,
  name: string,
  { size, sha256 }: Pick<Measurement, 'size' | 'sha256'>,
  version?: string,
): MeasuredArtifact => ({ artifact, name, size, sha256, ...(version !== undefined && { version }) });
