// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BootCase, bootCase, isAsExpected, loadMatrix, matrixCases } from '@latticra/boot-cases';
import { recordFiles, type VerifiedRecord, verifyRecord } from '@latticra/boot-cases/record';
import { ReleaseError } from './error.js';
import type { ReleaseImage } from './images.js';
import { RELEASE_FILE, type Release } from './release.js';
import { digestOf } from './state.js';

/** Boots every case of the matrix, one step each, so that a run that was stopped goes on with the next. */
export async function bootImages(release: Release): Promise<readonly VerifiedRecord[]> {
  const { bootMatrix } = release.request;
  if (bootMatrix === undefined) return [];
  const cases = matrixCases(await loadMatrix(bootMatrix.resolved));
  const pairs = [];
  for (const which of cases) pairs.push({ which, image: await imageOf(which, release.images) });
  const records: VerifiedRecord[] = [];
  for (const { which, image } of pairs) records.push(await bootOne(release, which, image));
  return records;
}

function bootOne(
  { run, env, signal, request, progress }: Release,
  which: BootCase,
  { measurement: { sha256 } }: ReleaseImage,
): Promise<VerifiedRecord> {
  const { name } = which;
  const folder = `${RELEASE_FILE.boots}/${name}`;
  const { path: _, ...image } = which.image;
  const assertRight = (verified: VerifiedRecord): VerifiedRecord => {
    const { record, verdict } = verified;
    if (record.imageBefore !== sha256) {
      throw new ReleaseError(
        'not-held',
        `${name}: the image that was booted is another than the one that was measured`,
        'let whatever writes it finish, then run this again',
      );
    }
    if (isAsExpected(record, verdict)) return verified;
    const reason = verdict.reason === undefined ? '' : `: ${verdict.reason}`;
    throw new ReleaseError(
      'not-held',
      `${name} ${verdict.outcome}${reason}`,
      `look into ${run.at(folder)}, or boot it alone: latticra boot-matrix run --matrix ${request.bootMatrix?.path} --case ${name}`,
    );
  };
  return run.step({
    id: `boot:${name}`,
    name: 'boot',
    report: `${folder}/`,
    inputs: {
      'the image': sha256,
      'the case': digestOf(JSON.stringify({ image, attach: which.attach, machine: which.machine })),
    },
    async work() {
      const outputDir = dirname(run.absoluteOf(folder));
      const verified = assertRight(
        await progress.wait(`booting ${name}`, () => bootCase(which, { outputDir, env, signal })),
      );
      const { record, verdict } = verified;
      return {
        value: verified,
        result: `${verdict.outcome} as expected, ${record.machineResolved}, ${record.firmware}`,
        outputs: recordFiles(verified).map((file) => `${folder}/${file.name}`),
      };
    },
    kept: async () => assertRight(verifyRecord(run.absoluteOf(folder))),
  });
}

/**
 * Returns the image of the release that a case boots.
 * @throws ReleaseError `not-of-release`
 */
async function imageOf({ image }: BootCase, images: readonly ReleaseImage[]): Promise<ReleaseImage> {
  const identity = await identityOf(image.path);
  for (const one of images) {
    if (identity !== undefined && (await identityOf(one.named.resolved)) === identity) return one;
  }
  throw new ReleaseError(
    'not-of-release',
    `the matrix boots ${image.path}, which is no image of this release`,
    'let the matrix name the files that --iso and --vm-image name',
  );
}

const identityOf = (path: string) =>
  stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );
