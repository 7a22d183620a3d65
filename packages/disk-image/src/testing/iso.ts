// SPDX-License-Identifier: Apache-2.0
/** Small ISO 9660 images for tests, and all that is in one. */
import { type IsoImage, type IsoSpec, layoutIso, planIso } from '../iso9660/index.js';
import { layoutSource } from '../layout/layout.js';
import { bytesSource, readBytes } from '../layout/source.js';

export const EPOCH = 1_700_000_000;

/** Content that tells files and places in them apart. */
export const content = (path: string, size: number) =>
  new Uint8Array(size).map((_, index) => path.length * 7 + index + (index >> 8));

/** An image of files with such content, and its plan. */
export function buildIso(files: Record<string, number>, rest: Partial<IsoSpec> = {}) {
  const spec = {
    volumeId: 'TEST',
    epoch: EPOCH,
    files: Object.entries(files).map(([path, size]) => ({ path, size })),
    ...rest,
  };
  const plan = planIso(spec);
  const contents = new Map(
    Object.entries(files).map(([path, size]) => [path, bytesSource(content(path, size))] as const),
  );
  const image = layoutSource(layoutIso(plan, { files: contents }));
  return { plan, image: bytesSource(readBytes(image, 0, image.size)) };
}

/** Every file of an image with its bytes, every folder as `folder`. */
export function readIso(image: IsoImage): Record<string, Uint8Array | 'folder'> {
  return Object.fromEntries(
    [...image.walk()].map(({ path, entry }) => {
      if (entry.kind === 'folder') return [path, 'folder'];
      const file = image.open(entry);
      return [path, readBytes(file, 0, file.size)];
    }),
  );
}
