// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  AttestationError,
  type AttestationPolicy,
  loadPins,
  type Pin,
  parseTrustedKey,
} from '@latticra/attestation';
import { readStableFile } from '@latticra/held-files';

const MAX_KEY_BYTES = 64 * 1024;

/** Reads the public keys that count. @throws AttestationError `bad-key` with the path; HeldFileError */
export async function readTrusted(
  paths: readonly string[],
  cwd: string,
): Promise<AttestationPolicy['trusted']> {
  const keys = [];
  for (const path of paths) keys.push(await readKey(path, cwd));
  return keys;
}

/** Reads the pinned pairs. @throws AttestationError `bad-key` with path and line; HeldFileError */
export async function readPins(path: string, cwd: string): Promise<readonly Pin[]> {
  return (await loadPins(resolve(cwd, path), path)).pins;
}

async function readKey(path: string, cwd: string): Promise<AttestationPolicy['trusted'][number]> {
  const { bytes } = await readStableFile(resolve(cwd, path), { maxBytes: MAX_KEY_BYTES });
  try {
    return parseTrustedKey(bytes);
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    const { code, message, fix } = cause;
    throw new AttestationError(code, `${path}: ${message}`, { cause, ...(fix !== undefined && { fix }) });
  }
}
