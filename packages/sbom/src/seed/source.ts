// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { SbomFile } from '../build/input.js';

/** One of the files that the seed is assembled from. */
export interface SeedSource {
  /** Its name below the folder of sources, such as `kernel.S`. */
  readonly name: string;
  readonly content: string;
}

const digest = (algorithm: 'sha1' | 'sha256', content: string) =>
  createHash(algorithm).update(content, 'utf8').digest('hex');

/** Makes the document's entry of a source file: measured, with the licence that its own header names. */
export function sourceFile({ name, content }: SeedSource): SbomFile {
  const licence = /SPDX-License-Identifier:[ \t]*([^\r\n*]+)/.exec(content)?.[1]?.trim();
  return {
    id: `Source-${name.replace(/[^A-Za-z0-9.]/g, '-')}`,
    name: `./${name}`,
    sha1: digest('sha1', content),
    sha256: digest('sha256', content),
    size: Buffer.byteLength(content),
    types: ['SOURCE', 'TEXT'],
    ...(licence !== undefined && { licence }),
  };
}
