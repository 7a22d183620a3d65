// SPDX-License-Identifier: Apache-2.0
import { createHash, getHashes } from 'node:crypto';
import { measureFile } from '@latticra/held-files';
import type { ChecksumAlgorithm } from '../spdx/vocabulary.js';
import type { Digests } from './rules/measured.js';

/** What node:crypto calls the algorithms that it may know; of the others it has none. */
const NAMES: Readonly<Partial<Record<ChecksumAlgorithm, string>>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA224: 'sha224',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
  'BLAKE2b-512': 'blake2b512',
};

/**
 * Measures a file once, with all of these algorithms that can be computed here.
 * @throws HeldFileError as `measureFile`
 */
export async function digestFile(
  path: string,
  algorithms: Iterable<ChecksumAlgorithm>,
  signal?: AbortSignal,
): Promise<Digests> {
  const known = new Set(getHashes());
  const sums = [...new Set(algorithms)].flatMap((algorithm) => {
    const name = NAMES[algorithm];
    return name !== undefined && known.has(name) ? [{ algorithm, hash: createHash(name) }] : [];
  });
  await measureFile(path, {
    signal,
    onChunk(bytes) {
      for (const { hash } of sums) hash.update(bytes);
      return undefined;
    },
  });
  return Object.fromEntries(sums.map(({ algorithm, hash }) => [algorithm, hash.digest('hex')]));
}
