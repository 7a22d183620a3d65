// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';
import { decodeBase64 } from '../text/base64.js';
import { WireReader } from '../wire/read.js';
import { parsePublicKey } from './public-key.js';
import type { PublicKey } from './types.js';

/** A key as a line has it: the name of its type, and its blob. */
export interface KeyWords {
  readonly type: string;
  readonly blob: Buffer;
}

/**
 * Reads the type and the blob of a key from a text that begins with them, as in a `.pub` file: `<type> <base64> [comment]`.
 * @throws SignatureError `bad-key` where they do not agree
 */
export function parseKeyWords(text: string): KeyWords {
  const [, type = '', base64 = ''] = /^([^ \t]+)[ \t]+([^ \t]+)(?:[ \t].*)?$/.exec(text) ?? [];
  const blob = decodeBase64(base64);
  if (blob === undefined || blob.length === 0) {
    throw new SignatureError('bad-key', `expected <type> <base64>, found ${quoteText(text)}`, {
      fix: 'copy the whole line of the .pub file',
    });
  }
  const inside = new WireReader(blob, 'bad-key', 'the public key').string().toString('latin1');
  if (inside !== type) {
    throw new SignatureError(
      'bad-key',
      `expected a key of the type ${quoteText(type)}, found ${quoteText(inside)}`,
      {
        fix: 'copy the whole line of the .pub file',
      },
    );
  }
  return { type, blob };
}

/** Reads a key as a `.pub` file has it, on one line. @throws SignatureError as {@link parseKeyWords} and {@link parsePublicKey} */
export function parsePublicLine(text: string): PublicKey {
  return parsePublicKey(parseKeyWords(text.trim()).blob);
}
