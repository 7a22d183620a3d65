// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { chunksOf } from './chunks.js';
import { type PeImage, sectionsInFile } from './open.js';

const CHECKSUM_SIZE = 4;
const DIRECTORY_SIZE = 8;
/** Those who sign lengthen a file to a multiple of this first. */
const SIGNED_ALIGNMENT = 8;

/** Returns where a file of `size` bytes gets its certificates: `size` rounded up to 8. */
export const alignSigned = (size: number) => Math.ceil(size / SIGNED_ALIGNMENT) * SIGNED_ALIGNMENT;

/** Gives the runs of a program that its Authenticode digest covers: all but check sum, directory entry, and certificates. */
export function* authenticodeRanges(program: PeImage, fileSize: number): Generator<[number, number]> {
  const { places, certificates } = program;
  yield [0, places.checksum];
  yield [places.checksum + CHECKSUM_SIZE, places.certificateEntry];
  yield [places.certificateEntry + DIRECTORY_SIZE, certificates?.offset ?? fileSize];
}

/** Refuses a program in which bytes between sections belong to none of them. @throws ImageError `unsupported` */
export function assertNoGaps(program: PeImage): void {
  let end = program.headersSize;
  for (const { name, offset, rawSize } of sectionsInFile(program)) {
    if (offset !== end) {
      throw new ImageError(
        'unsupported',
        `the PE program has ${offset - end} bytes in front of section ${name} that belong to nothing: tools that sign ` +
          'disagree on what to make of them',
      );
    }
    end = offset + rawSize;
  }
}

/**
 * Computes the digest that a signature of a program is over (Authenticode with SHA-256), in lower-case hexadecimal. It is
 * the same before and after signing: a length that is no multiple of 8 is taken as if it had been padded with zeros.
 * @throws ImageError `unsupported` where bytes between sections belong to none, on which tools disagree
 */
export function authenticodeDigest(source: ByteSource, program: PeImage): string {
  assertNoGaps(program);
  const hash = createHash('sha256');
  for (const [start, end] of authenticodeRanges(program, source.size)) {
    for (const chunk of chunksOf(source, start, end)) hash.update(chunk);
  }
  const size = program.certificates?.offset ?? source.size;
  return hash.update(new Uint8Array(alignSigned(size) - size)).digest('hex');
}
