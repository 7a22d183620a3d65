// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('vectors/', import.meta.url));

/** Returns a recorded file: signatures, public keys and messages, of keys that were thrown away. */
export function vector(name: string): Buffer {
  return readFileSync(`${FOLDER}${name}`);
}

/** Returns the names of the recorded files in a folder that end so. */
export function vectorNames(folder: string, suffix: string): string[] {
  return readdirSync(`${FOLDER}${folder}`).filter((name) => name.endsWith(suffix));
}

/** Returns the digest of a message, raw. */
export function digestOf(message: Uint8Array, hash: 'sha256' | 'sha512' = 'sha256'): Buffer {
  return createHash(hash).update(message).digest();
}

/** What the recorded signatures are of, and what they are for. */
export const MESSAGE = vector('message.txt');
