// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileSource, ImageError } from '@latticra/disk-image';
import { type Inspection, inspect } from '@latticra/disk-image/inspect';
import { errnoOf } from '@latticra/failure';
import {
  bytesIn,
  HeldFileError,
  measureAndUse,
  readFailure,
  type StableFile,
  withStableFile,
} from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import { inspectionDocument, releaseFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-inspect',
  version,
  summary: 'say what a file of an OS image is, by its content',
  details: `
Looks into the file and nothing else: not at its name, and not at the first bytes alone. Tells its format, what is in it,
which firmware starts it from which medium, and what was not read. Reads a small part of any file; with --digest all of it,
once, and ties the answer to its SHA-256. A file that contradicts its own format ends it with 65 and the first fault.`,
  examples: ['latticra-x86_64.iso', '--file disk.qcow2 --digest --json'],
  fixture: releaseFixture,
  flags: {
    file: {
      value: 'path',
      placeholder: 'file',
      required: true,
      operand: true,
      help: 'the file to look into',
    },
    digest: { value: 'none', help: 'measure it as well, which reads all of it' },
  },
  async run({ flags, cwd, manifestPath, progress }) {
    const path = resolve(cwd, flags.file);
    const look = (file: StableFile) => lookInto(file, flags.file);
    await refuseFolder(path, flags.file);
    const { inspection, sha256 } = flags.digest
      ? await progress.track(
          `measuring ${flags.file}`,
          (onBytes) =>
            measureAndUse(path, (file, measured) => ({ inspection: look(file), sha256: measured.sha256 }), {
              onBytes,
            }),
          () => bytesIn(path),
        )
      : await withStableFile(path, (file) => ({ inspection: look(file), sha256: undefined }));
    assertSound(inspection, flags.file);
    return inspectionDocument(inspection, { manifestPath, path: flags.file, sha256 });
  },
});

/** Refuses a folder, with what looks into one; whatever else is no file is for the opening to refuse. */
async function refuseFolder(path: string, named: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return;
  throw new HeldFileError('not-regular', named, 'is a folder, expected a regular file', {
    fix: 'latticra status tells what a folder has of a release',
  });
}

function lookInto({ fd, size }: StableFile, path: string): Inspection {
  try {
    return inspect(fileSource(fd, size));
  } catch (error) {
    throw errnoOf(error) === '' ? error : readFailure(path, error);
  }
}

/** Refuses a file in which problems were found. @throws ImageError with the first of them */
function assertSound({ problems: [first, ...others] }: Inspection, path: string): void {
  if (!first) return;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  throw new ImageError(
    first.code,
    `${path}: ${first.message}${more}`,
    first.fix === undefined ? {} : { fix: first.fix },
  );
}
