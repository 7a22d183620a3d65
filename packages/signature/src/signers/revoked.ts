// SPDX-License-Identifier: Apache-2.0
import { SignatureError } from '../error.js';
import { parseKeyWords } from '../key/line.js';
import { fingerprintOf, parsePublicKey } from '../key/public-key.js';
import { readList } from './lines.js';

/** What a binary key revocation list begins with (OpenSSH, PROTOCOL.krl). */
const KRL_MAGIC = 'SSHKRL\n\0';

/** What a key may be that is to be refused: nobody has to be able to verify by it. */
const NO_MATTER = ['weak-key', 'unsupported'];

/**
 * Reads a list of revoked keys, a public key a line as a `.pub` file has it, and returns their fingerprints.
 * @throws SignatureError `bad-revoked-keys` with the line's number, `revocation-list` for a binary list
 */
export function parseRevokedKeys(bytes: Uint8Array): ReadonlySet<string> {
  if (Buffer.from(bytes.subarray(0, KRL_MAGIC.length)).toString('latin1') === KRL_MAGIC) {
    throw new SignatureError(
      'revocation-list',
      'the revoked keys: found a binary key revocation list (KRL)',
      {
        fix: 'list the revoked public keys in a text, one a line, as their .pub files have them',
      },
    );
  }
  return new Set(readList(bytes, { code: 'bad-revoked-keys', what: 'the revoked keys', read: parseLine }));
}

function parseLine(text: string): string {
  const { blob } = parseKeyWords(text);
  try {
    return parsePublicKey(blob).fingerprint;
  } catch (error) {
    if (!(error instanceof SignatureError && NO_MATTER.includes(error.code))) throw error;
    return fingerprintOf(blob);
  }
}
