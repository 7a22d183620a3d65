// SPDX-License-Identifier: Apache-2.0
import { distinctRecords, type VerifiedRecord } from '@latticra/boot-cases/record';
import type { ArtifactManifest, ArtifactValidation } from '@latticra/manifest';
import { OperatorBundleError } from '../error.js';
import type { ByArtifact } from '../names.js';

/** The records of boots of a release's artifacts. */
export interface BootEvidence extends ByArtifact<readonly VerifiedRecord[]> {
  /** How many of the records are of none of these artifacts. */
  readonly ofOtherImages: number;
}

/**
 * Returns those of the records that are of an artifact of the manifest, by its digest and as what QEMU has to read it, each once.
 * @throws BootCaseError `bad-record` for one that two keys have signed
 */
export function recordsOf(
  { iso, vmImage }: ArtifactManifest,
  records: readonly VerifiedRecord[],
): ByArtifact<readonly VerifiedRecord[]> {
  const once = distinctRecords(records).sort(byCase);
  const of = (sha256: string, isQcow2: boolean) =>
    once.filter(
      ({ record }) => record.imageBefore === sha256 && (record.imageFormat === 'qcow2') === isQcow2,
    );
  return {
    iso: iso && of(iso.sha256, false),
    vmImage: vmImage && of(vmImage.sha256, vmImage.format === 'qcow2'),
  };
}

/**
 * Brings verified records together with artifacts that were measured. Records of other images are counted, and are no evidence.
 * @throws OperatorBundleError `bad-record` for one with the digest of an artifact and another size
 */
export function bootEvidence(
  validation: ArtifactValidation,
  records: readonly VerifiedRecord[],
): BootEvidence {
  const found = recordsOf(validation.manifest, records);
  for (const [artifact, own] of [
    [validation.iso, found.iso],
    [validation.vmImage, found.vmImage],
  ] as const) {
    const size = artifact?.measurement.size;
    const other = own?.find(({ record }) => record.imageBytes !== size);
    if (other === undefined) continue;
    throw new OperatorBundleError(
      'bad-record',
      `${other.folder}: is of an image of ${other.record.imageBytes} bytes, and the one with its digest has ${size}`,
      { fix: 'boot the case again; a record is not for editing' },
    );
  }
  const distinct = new Set(records.map(({ sha256 }) => sha256));
  const own = new Set([...(found.iso ?? []), ...(found.vmImage ?? [])].map(({ sha256 }) => sha256));
  return { ...found, ofOtherImages: distinct.size - own.size };
}

/** Orders records by their case, and those of one case by their digest. */
function byCase(a: VerifiedRecord, b: VerifiedRecord): number {
  const key = ({ record, sha256 }: VerifiedRecord) => `${record.caseName} ${sha256}`;
  return Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b)));
}
