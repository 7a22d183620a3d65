// SPDX-License-Identifier: Apache-2.0
/** A small unified kernel image, and what can be done to it. */
import { bytesSource, type Layout, layoutSource, readBytes } from '@latticra/disk-image';
import { openPe } from '@latticra/disk-image/pe';
import { expect } from 'vitest';
import { initramfs, linuxKernel } from '../../../../tools/testing/linux.js';
import { attachCertificates, certificate, signedData, sumPe } from '../../../../tools/testing/pe.js';
import { LinuxImageError } from '../error.js';
import { planUki, type UkiOptions } from '../uki/plan.js';

export const SAMPLE_KERNEL = linuxKernel();
export const SAMPLE_INITRD = initramfs([{ path: 'init', mode: 0o100755, content: Buffer.alloc(5000, '#') }]);
export const SAMPLE_OPTIONS: UkiOptions = {
  kernel: bytesSource(SAMPLE_KERNEL),
  initrd: bytesSource(SAMPLE_INITRD),
  commandLine: 'console=ttyS0 quiet',
  osRelease: 'ID=test\n\n# a comment\nPRETTY_NAME="Test ™"\n',
};

export const bytesOf = (layout: Layout): Buffer =>
  Buffer.from(readBytes(layoutSource(layout), 0, layout.size));

const planned = planUki(SAMPLE_OPTIONS);
/** The digest that a signature of {@link SAMPLE} has to be over. */
export const SAMPLE_DIGEST = planned.authenticode;
export const SAMPLE = bytesOf(planned.layout);
export const { places: SAMPLE_PLACES, sections: SAMPLE_SECTIONS } = openPe(bytesSource(SAMPLE));

/** Finds a section of the sample. */
export const sectionNamed = (wanted: string) =>
  SAMPLE_SECTIONS.find(({ name }) => name === wanted) ?? expect.unreachable();

/** Returns whether a byte of the sample belongs to its check sum. */
export const isChecksum = (at: number) => at >= SAMPLE_PLACES.checksum && at < SAMPLE_PLACES.checksum + 4;

/** Returns a copy with a byte replaced, and with a check sum that is right. */
export function changed(bytes: Uint8Array, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  copy.writeUInt32LE(sumPe(copy, SAMPLE_PLACES.checksum), SAMPLE_PLACES.checksum);
  return copy;
}

/** Puts a table of certificates behind the sample, or what was made of it. */
export const attach = (bytes: Uint8Array, table: Uint8Array) =>
  attachCertificates(bytes, table, SAMPLE_PLACES.checksum, SAMPLE_PLACES.certificateEntry);

/** Signs with a signature over each digest, which no key made. */
export const sign = (bytes: Uint8Array, ...digests: readonly string[]) =>
  attach(bytes, Buffer.concat(digests.map((digest) => certificate(signedData(Buffer.from(digest, 'hex'))))));

/** Returns the result of a reader, or the code of what it throws; any error that is not ours escapes. */
export function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof LinuxImageError) return error.code;
    throw error;
  }
}

/** What an error of ours is to look like. */
export const refused = (code: string, message: RegExp) =>
  expect.objectContaining({
    name: 'LinuxImageError',
    code,
    message: expect.stringMatching(message),
  });
