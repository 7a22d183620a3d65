// SPDX-License-Identifier: Apache-2.0

/** Writes a whole number in four bytes, big-endian. */
export function wireU32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Writes strings as SSH does, each behind its length (RFC 4251, section 5). */
export function wireStrings(...strings: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    strings.flatMap((string) => {
      const bytes = typeof string === 'string' ? Buffer.from(string) : string;
      return [wireU32(bytes.length), bytes];
    }),
  );
}
