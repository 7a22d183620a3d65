// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { formatChecksumLine } from '@latticra/evidence-format';
import { writeFileAtomic } from '@latticra/held-files';
import { IMAGE_FORMATS } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import { type BuildRecord, buildRecord } from '../record/schema.js';
import { listArtifacts, releaseManifest, releaseSbom, type Sum } from './documents.js';
import type { HeldInput } from './inputs.js';
import { type Recorded, recordOf } from './record.js';

/**
 * Writes what a release says of itself: a checksum beside each image, SBOM, manifest, and last the record of its build.
 * @param sums of its images, by the name of the file
 * @throws HeldFileError, SbomError
 */
export async function writeDocuments(
  folder: string,
  built: Omit<Recorded, 'images' | 'uki' | 'sbom' | 'manifest'>,
  sums: ReadonlyMap<string, Sum>,
): Promise<BuildRecord> {
  const { options, inputs, kernelFile, root, boot, initramfsSha256 } = built;
  const write = (name: string, text: string) => writeFileAtomic(join(folder, name), text);
  const sumOf = (name: string): Sum => {
    const sum = sums.get(name);
    if (sum === undefined) throw new Error(`${name} was not written`);
    return sum;
  };
  const formats = IMAGE_FORMATS.filter((format) => options.formats.has(format));
  const images = Object.fromEntries(formats.map((format) => [format, sumOf(RELEASE_FILE[format])]));
  const uki = sumOf(RELEASE_FILE.uki);
  const artifacts = listArtifacts({
    images,
    uki,
    kernel: { ...given(inputs.kernel, boot.planned.kernel.sha256), release: kernelFile.release },
    initramfs: given(inputs.initramfs, initramfsSha256),
    rootfs: root && inputs.rootfs && given(inputs.rootfs, root.archiveSha256),
  });
  // The first file that is written waits for a disk that is busy with the images: what takes a processor comes before.
  const sbomText = releaseSbom(options, { system: root?.system, artifacts });
  for (const format of formats) {
    const name = RELEASE_FILE[format];
    await write(`${name}.sha256`, formatChecksumLine(sumOf(name).sha256, name));
  }
  const sbom = await write(RELEASE_FILE.sbom, sbomText);
  const manifest = await write(
    RELEASE_FILE.manifest,
    releaseManifest(options, images, options.operatorRecoveryPath),
  );
  const record = recordOf({ ...built, images, uki, sbom, manifest });
  await write(RELEASE_FILE.record, buildRecord.format(record));
  return record;
}

const given = ({ input, source }: HeldInput, sha256: string) => ({
  path: input.path,
  size: source.size,
  sha256,
});
