// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { formatChecksumLine } from '@latticra/evidence-format';
import { measureFile, writeFileAtomic } from '@latticra/held-files';
import { NAMESPACES } from '@latticra/signature';
import { RehearsalError } from './error.js';
import { allowedLine, keyBeside, type Parties } from './keys.js';
import { PROMOTION_FILE, type Rehearsal } from './rehearsal.js';

/** What a rehearsal made that is signed and evaluated. Paths as they are named from the current folder. */
export interface Made {
  /** Records of builds: two of each image. */
  readonly buildRecords: readonly string[];
  /** The images of the first build, in one folder. */
  readonly images: readonly string[];
  /** The folder of the images, from that of the rehearsal; it takes the list of checksums. */
  readonly imageFolder: string;
}

const CHECKSUMS = 'SHA256SUMS';

/** Signs the records of builds, the images, and a list of their checksums. */
export function signAll({ account, at, cwd }: Rehearsal, made: Made, { builder }: Parties): Promise<void> {
  const sums = join(made.imageFolder, CHECKSUMS);
  return account.step('signatures', `${sums}.sig`, async () => {
    for (const record of made.buildRecords) await builder.signer.sign(resolve(cwd, record), NAMESPACES.build);
    const lines: string[] = [];
    for (const image of made.images) {
      await builder.signer.sign(resolve(cwd, image), NAMESPACES.artifact);
      const { sha256 } = await measureFile(resolve(cwd, image));
      lines.push(formatChecksumLine(sha256, image.slice(image.lastIndexOf('/') + 1)));
    }
    await writeFileAtomic(at(sums), lines.join(''));
    await builder.signer.sign(resolve(cwd, at(sums)), NAMESPACES.artifact);
    const { length } = made.buildRecords;
    return {
      value: undefined,
      result: `of ${length} build records, ${made.images.length} images, their checksums`,
    };
  });
}

/** Writes whose signatures count, by the keys that signed. @throws RehearsalError where one key is of two people */
export async function writeAllowed(
  { at, cwd }: Rehearsal,
  { buildRecords: [record = ''] }: Made,
  parties: Parties,
  bootRecord: string | undefined,
): Promise<void> {
  const { builder, reviewer, machine } = parties;
  const key = await keyBeside(resolve(cwd, record));
  const lines = [allowedLine('builder', builder, key)];
  if (reviewer !== undefined) {
    const other = await keyBeside(at(PROMOTION_FILE.review));
    if (other.fingerprint === key.fingerprint) {
      throw new RehearsalError(
        'not-held',
        `the reviewer is who built: both keys are ${key.fingerprint}`,
        'give --review-key the key of a second person',
      );
    }
    lines.push(allowedLine('reviewer', reviewer, other));
  }
  if (machine !== undefined && bootRecord !== undefined)
    lines.push(allowedLine('machine', machine, await keyBeside(bootRecord)));
  await writeFileAtomic(at(PROMOTION_FILE.allowedSigners), lines.join(''));
}
