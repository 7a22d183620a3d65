// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** What a qcow2 file needs besides itself, or besides the plain format, each a fact that a caller can refuse by. */
export interface Qcow2Features {
  /** Another image, whose content shows through where this one has none. */
  readonly backingFile: string | undefined;
  /** The format that the file gives its backing file, where it does. */
  readonly backingFormat: string | undefined;
  /** What the guest sees lies in another file; this one only has the tables. */
  readonly externalData: boolean;
  /** The name of that file, where it is written down. */
  readonly dataFile: string | undefined;
  /** It was not closed; the reference counts may be wrong. */
  readonly dirty: boolean;
  /** A program found it damaged and said so. */
  readonly corrupt: boolean;
  readonly encryption: 'none' | 'aes' | 'luks' | 'unknown';
  /** How compressed clusters are packed; only `zlib` is read here. */
  readonly compression: 'zlib' | 'zstd' | 'unknown';
  /** L2 entries of 128 bits with subclusters; not read here. */
  readonly extendedL2: boolean;
  /** Bits of incompatible features without a name; 0 for none. */
  readonly unknownFeatures: bigint;
  readonly bitmaps: boolean;
}

/** What a version 2 file has. */
export const NO_FEATURES: Qcow2Features = {
  backingFile: undefined,
  backingFormat: undefined,
  externalData: false,
  dataFile: undefined,
  dirty: false,
  corrupt: false,
  encryption: 'none',
  compression: 'zlib',
  extendedL2: false,
  unknownFeatures: 0n,
  bitmaps: false,
};

/** What brings all that a qcow2 file needs, and how it is packed, into one plain file. */
export const CONVERT = 'make it self-contained with qemu-img convert -O qcow2';
const DECRYPT = 'decrypt it with qemu-img convert -O qcow2, which takes its secret by --object secret';
const REPAIR = 'repair it with qemu-img check -r all';

/**
 * Refuses a file whose disk cannot be read from it alone, or should not be. Its compression is no reason: that
 * shows when a compressed cluster is read.
 * @throws ImageError `unsupported`, or `corrupt` for a file that says so itself
 */
export function assertSelfContained(features: Qcow2Features): void {
  const refuse = (code: 'corrupt' | 'unsupported', message: string, fix?: string) => {
    throw new ImageError(code, `the qcow2 file ${message}`, fix === undefined ? {} : { fix });
  };
  const { backingFile, dataFile, encryption, unknownFeatures } = features;
  if (backingFile !== undefined) {
    refuse('unsupported', `needs the backing file ${JSON.stringify(backingFile)}, another image`, CONVERT);
  }
  if (encryption !== 'none') {
    refuse('unsupported', `is encrypted (${encryption})`, DECRYPT);
  }
  if (features.corrupt) refuse('corrupt', 'is marked as corrupt', REPAIR);
  if (features.dirty) refuse('corrupt', 'is marked as dirty: it was not closed', REPAIR);
  if (features.externalData) {
    const name =
      dataFile === undefined ? 'an external file' : `the external file ${JSON.stringify(dataFile)}`;
    refuse('unsupported', `keeps its data in ${name}`, CONVERT);
  }
  if (features.extendedL2) refuse('unsupported', 'has extended L2 entries (subclusters)', CONVERT);
  if (unknownFeatures !== 0n) {
    refuse('unsupported', `needs unknown features: 0x${unknownFeatures.toString(16)}`, CONVERT);
  }
}
