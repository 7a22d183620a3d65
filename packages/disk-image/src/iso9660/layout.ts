// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { createLayout, type Extent, type Layout } from '../layout/layout.js';
import type { ByteSource } from '../layout/source.js';
import { SYSTEM_AREA } from './format.js';
import type { IsoContents, IsoPlan } from './spec.js';

/**
 * Puts contents where a plan says; none of them is read here.
 * @throws ImageError `not-found` for a file without content, `out-of-range` for content of another size
 *   than planned, or a system area above 32 KiB.
 */
export function layoutIso(plan: IsoPlan, contents: IsoContents): Layout {
  const extents: Extent[] = [...plan.metadata];
  if (contents.systemArea) {
    if (contents.systemArea.size > SYSTEM_AREA) {
      throw new ImageError('out-of-range', `a system area of ${contents.systemArea.size} bytes, not 32 KiB`);
    }
    extents.push({ offset: 0, source: contents.systemArea });
  }
  const place = (what: string, { offset, size }: { offset: number; size: number }, source: ByteSource) => {
    if (source.size !== size) {
      throw new ImageError('out-of-range', `${what}: ${source.size} bytes, but ${size} were planned`);
    }
    extents.push({ offset, source });
  };
  for (const [path, extent] of plan.files) {
    const source = contents.files.get(path);
    if (!source) throw new ImageError('not-found', `no content for ${path}`);
    place(path, extent, source);
  }
  if (contents.trailer) place('trailer', plan.trailer, contents.trailer);
  return createLayout(plan.size, extents);
}
