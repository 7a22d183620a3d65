// SPDX-License-Identifier: Apache-2.0

const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Decodes base64 of the standard alphabet with its padding (RFC 4648, section 4), or returns undefined. Node's own decoder
 * takes junk, stray bits, the URL alphabet and text behind the padding as well.
 */
export function decodeBase64(text: string): Buffer | undefined {
  if (!ALPHABET.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
