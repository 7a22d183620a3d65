// SPDX-License-Identifier: Apache-2.0
import { LaneError } from '@latticra/lane';
import { IMAGE_FORMATS, type ImageFormat } from '@latticra/linux-release';

/** Reads the images that are wanted, with commas between. @throws LaneError `usage` */
export function readFormats(text: string): ReadonlySet<ImageFormat> {
  const words = text.split(',');
  const formats = IMAGE_FORMATS.filter((format) => words.includes(format));
  if (formats.length === words.length && new Set(words).size === words.length) return new Set(formats);
  throw new LaneError(
    'usage',
    `--formats: expected ${IMAGE_FORMATS.join(', ')} with commas between, each once, found ${JSON.stringify(text)}`,
  );
}
