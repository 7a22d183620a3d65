// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { NONE } from '@latticra/evidence-format/define';
import { foldedName } from '@latticra/held-files/anchor';
import { type ArtifactManifest, UNSIGNED_LOCAL } from '@latticra/manifest';
import { OperatorBundleError } from './error.js';

/** The names of the files that have the same name in every bundle. */
export const BUNDLE_FILE = {
  manifest: 'manifest.txt',
  validation: 'artifact-manifest-validation.txt',
  recovery: 'operator-recovery-reference.txt',
  usbLinux: 'usb-write-linux.txt',
  usbMacos: 'usb-write-macos.txt',
  vmTest: 'vm-test-command.txt',
  readme: 'README.txt',
  report: 'operator-bundle-report.txt',
  checksums: 'SHA256SUMS',
  /** A signature of the checksums, which cannot stand among them. */
  checksumsSignature: 'SHA256SUMS.sig',
  /** The lists by which the signatures were verified when the bundle was made. */
  allowedSigners: 'allowed-signers',
  revokedKeys: 'revoked-keys',
  /** The folder of the records of boots, in which each has a folder of its own. */
  bootRecords: 'boot-records',
  /** The folder of what it was promoted by. */
  promotion: 'promotion',
  /** All that lies in it, as one page. */
  page: 'report.html',
  /** One SBOM for both artifacts, or one for each. */
  sbom: 'sbom.spdx.json',
  isoSbom: 'iso-sbom.spdx.json',
  vmSbom: 'vm-sbom.spdx.json',
} as const;

/** One of something for each artifact that a release has, and undefined for the one that it has not. */
export interface ByArtifact<T> {
  readonly iso: T | undefined;
  readonly vmImage: T | undefined;
}

/** The names of the artifacts in the bundle: as their makers named them, without the folder. */
export type ArtifactNames = ByArtifact<string>;

/** Returns the name of an artifact's checksum file. */
export const checksumName = (artifact: string): string => `${artifact}.sha256`;
/** Returns the name of an artifact's signature. */
export const signatureName = (artifact: string): string => `${artifact}.sig`;

/**
 * Returns the names of the artifacts that the manifest records.
 * @throws OperatorBundleError `bad-name`, `name-clash`
 */
export function artifactNames({ iso, vmImage }: ArtifactManifest): ArtifactNames {
  const names = { iso: iso && basename(iso.path), vmImage: vmImage && basename(vmImage.path) };
  const taken = new Map<string, string>(Object.values(BUNDLE_FILE).map((name) => [foldedName(name), name]));
  for (const artifact of [names.iso, names.vmImage]) {
    if (artifact === undefined) continue;
    assertName(artifact);
    for (const name of [artifact, checksumName(artifact), signatureName(artifact)]) {
      const other = taken.get(foldedName(name));
      if (other !== undefined) {
        throw new OperatorBundleError('name-clash', `${name}: ${other} has that name in the bundle already`, {
          fix: 'rename the artifact and record it with a new manifest',
        });
      }
      taken.set(foldedName(name), name);
    }
  }
  return names;
}

/**
 * Returns the names of the files that every bundle of a manifest has, but its checksums, by the manifest that lies in it.
 * @throws OperatorBundleError `bad-name`, `name-clash`
 */
export function bundleNames(manifest: ArtifactManifest): string[] {
  const { iso, vmImage } = manifest;
  const names = artifactNames(manifest);
  const { isoSbom, vmSbom, sbom } = BUNDLE_FILE;
  const of = (name: string | undefined, signed: boolean) =>
    name === undefined ? [] : [name, checksumName(name), ...(signed ? [signatureName(name)] : [])];
  const isSigned = (record: { readonly signaturePath: string } | undefined) =>
    record !== undefined && record.signaturePath !== UNSIGNED_LOCAL;
  const apart = iso !== undefined && vmImage !== undefined && iso.sbomPath !== vmImage.sbomPath;
  return [
    BUNDLE_FILE.manifest,
    BUNDLE_FILE.validation,
    BUNDLE_FILE.recovery,
    BUNDLE_FILE.readme,
    BUNDLE_FILE.report,
    ...of(names.iso, isSigned(iso)),
    ...of(names.vmImage, isSigned(vmImage)),
    ...(apart ? [isoSbom, vmSbom] : [sbom]),
    ...(iso === undefined ? [] : [BUNDLE_FILE.usbLinux, BUNDLE_FILE.usbMacos]),
    ...(vmImage === undefined ? [] : [BUNDLE_FILE.vmTest]),
  ];
}

function assertName(name: string): void {
  const problem =
    name === '' || name === '.' || name === '..'
      ? 'is no file name'
      : name === NONE || name === UNSIGNED_LOCAL
        ? 'means something else in a manifest'
        : /[\\\n\r\0]/.test(name)
          ? 'would be escaped in a checksum file'
          : undefined;
  if (problem === undefined) return;
  throw new OperatorBundleError('bad-name', `artifact name ${JSON.stringify(name)}: ${problem}`, {
    fix: 'rename the artifact and record it with a new manifest',
  });
}
