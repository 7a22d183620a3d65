// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  AttestationError,
  type AttestationPolicy,
  type Pin,
  parsePins,
  parseTrustedKey,
} from '@latticra/attestation';
import { readStableFile } from '@latticra/held-files';

const MAX_KEY_BYTES = 64 * 1024;
const MAX_PINS_BYTES = 4 << 20;

/** Reads the public keys that count. @throws AttestationError `bad-key` with the path; HeldFileError */
export async function readTrusted(
  paths: readonly string[],
  cwd: string,
): Promise<AttestationPolicy['trusted']> {
  const keys = [];
  for (const path of paths) keys.push(await read(path, cwd, MAX_KEY_BYTES, parseTrustedKey));
  return keys;
}

/** Reads the pinned pairs. @throws AttestationError `bad-key` with path and line; HeldFileError */
export function readPins(path: string, cwd: string): Promise<Pin[]> {
  return read(path, cwd, MAX_PINS_BYTES, parsePins);
}

async function read<T>(
  path: string,
  cwd: string,
  maxBytes: number,
  parse: (bytes: Uint8Array) => T,
): Promise<T> {
  const { bytes } = await readStableFile(resolve(cwd, path), { maxBytes });
  try {
    return parse(bytes);
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause;
    const { code, message, fix } = cause;
    throw new AttestationError(code, `${path}: ${message}`, { cause, ...(fix !== undefined && { fix }) });
  }
}
