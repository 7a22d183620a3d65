// SPDX-License-Identifier: Apache-2.0
import { sourceProblem } from '@latticra/evidence-format/define';
import { isRunbook } from '../build/documents.js';
import { IMAGE_FORMATS, type ImageFormat } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildRecord } from '../record/schema.js';
import { refused } from './refuse.js';

/** Lists the images of a release, in the order in which they are built. */
export const formatsOf = (record: BuildRecord): ImageFormat[] =>
  IMAGE_FORMATS.filter((format) => record.formats.split(',').includes(format));

/**
 * Lists the names of the files that a release has by its rule, without its record.
 * @throws LinuxReleaseError `record-differs` for a record that has other images than it was built with, or other names
 */
export function namesOf(name: string, record: BuildRecord): string[] {
  const problem = sourceProblem(record);
  if (problem !== undefined) throw refused(name, problem);
  const formats = formatsOf(record);
  if (formats.join(',') !== record.formats)
    throw refused(name, `formats=${record.formats} has another order`);
  for (const format of IMAGE_FORMATS) {
    const [expected, found] = [formats.includes(format), record[format] !== undefined];
    if (expected !== found) {
      throw refused(
        name,
        `formats=${record.formats}, but the record has ${found ? 'an' : 'no'} image ${format}`,
      );
    }
  }
  if ((record.rootMode === 'none') !== (record.rootfs === undefined)) {
    throw refused(name, `root_mode=${record.rootMode} ${record.rootfs ? 'with' : 'without'} a root`);
  }
  if ((record.signedUki.path === undefined) !== (record.signedUki.sha256 === undefined)) {
    throw refused(name, 'signed_uki_path and signed_uki_sha256 go together');
  }
  if (isRunbook(record.recoveryPath) !== (record.recoverySha256 !== undefined)) {
    throw refused(name, 'operator_recovery_sha256 goes with a runbook');
  }
  const fixed = [...formats, 'uki', 'sbom', 'manifest'] as const;
  for (const part of fixed) {
    const path = record[part]?.path;
    if (path !== RELEASE_FILE[part]) {
      throw refused(name, `names the file ${path}, expected ${RELEASE_FILE[part]}, beside the record`);
    }
  }
  return [
    ...formats.flatMap((format) => [RELEASE_FILE[format], `${RELEASE_FILE[format]}.sha256`]),
    RELEASE_FILE.uki,
    RELEASE_FILE.sbom,
    RELEASE_FILE.manifest,
    ...(isRunbook(record.recoveryPath) ? [RELEASE_FILE.recovery] : []),
  ];
}
