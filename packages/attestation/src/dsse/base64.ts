// SPDX-License-Identifier: Apache-2.0

/**
 * Decodes base64 in the standard alphabet or the one for addresses, with padding or without (DSSE v1, envelope.md). Node's own
 * decoder takes text around it, both alphabets mixed, and bits that nobody sees.
 * @returns undefined for a text that is not the one form of its bytes in its alphabet
 */
export function decodeBase64(text: string): Buffer | undefined {
  const forms = ['base64', 'base64url'] as const;
  const bare = text.replace(/={1,2}$/, '');
  for (const form of forms) {
    const bytes = Buffer.from(bare, form);
    const again = bytes.toString(form).replace(/=+$/, '');
    if (again !== bare) continue;
    const isPadded = text.length === bare.length || text.length % 4 === 0;
    return isPadded ? bytes : undefined;
  }
  return undefined;
}
