// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { fileSource, ImageError } from '@latticra/disk-image';
import { type ImageFiles, openFiles } from '@latticra/disk-image/files';
import type { IsoNames } from '@latticra/disk-image/iso9660';
import { readFailure, withStableFile } from '@latticra/held-files';

/** Which image, and which files of it. */
export interface ImageChoice {
  readonly image: string;
  readonly partition: number | undefined;
  readonly names: IsoNames | undefined;
}

/**
 * Opens the files of an image that is the same one all along.
 * @throws ImageError for what is wrong with the image, with its path; HeldFileError for what is with the file
 */
export async function withFiles<T>(
  { image, partition, names }: ImageChoice,
  cwd: string,
  use: (files: ImageFiles) => T | Promise<T>,
): Promise<T> {
  const options = {
    ...(partition === undefined ? {} : { partition }),
    ...(names === undefined ? {} : { names }),
  };
  return withStableFile(resolve(cwd, image), async ({ fd, size }) => {
    try {
      return await use(
        openFiles(
          fileSource(fd, size, (cause) => readFailure(image, cause)),
          options,
        ),
      );
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw new ImageError(error.code, `${image}: ${error.message}`, {
        cause: error,
        ...(error.fix === undefined ? {} : { fix: error.fix }),
      });
    }
  });
}
