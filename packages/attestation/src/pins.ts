// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import type { PublicKey } from '@latticra/signature';
import { AttestationError, refuse } from './error.js';
import { parseTrustedKey } from './key/public.js';

/** A builder or verifier, and the key whose word counts for it: neither counts without the other. */
export interface Pin {
  /** Its id, as an address. */
  readonly id: string;
  readonly key: PublicKey;
}

const MAX_LINES = 10_000;

/**
 * Reads a list of pinned pairs, a line each: `<id> ssh-ed25519 <base64> [comment]`; empty lines and those that begin with `#` are
 * passed over.
 * @throws AttestationError `bad-key` with the line's number
 */
export function parsePins(bytes: Uint8Array): Pin[] {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  if (lines.length > MAX_LINES) throw refuse('bad-key', `more than ${MAX_LINES} lines of pins`, FIX);
  return lines.flatMap((line, index) => {
    const text = line.replace(/\r$/, '');
    if (text === '' || text.startsWith('#')) return [];
    const [, id = '', key = ''] = /^([A-Za-z][A-Za-z0-9+.-]*:\S+) (\S.*)$/.exec(text) ?? [];
    if (id === '') throw refuse('bad-key', `line ${index + 1} of the pins: ${quoteText(text)}`, FIX);
    try {
      return [{ id, key: parseTrustedKey(Buffer.from(key)) }];
    } catch (cause) {
      if (!(cause instanceof AttestationError)) throw cause;
      throw new AttestationError('bad-key', `line ${index + 1} of the pins: ${cause.message}`, {
        cause,
        fix: FIX,
      });
    }
  });
}

const FIX = 'write a line for each pair: <id> ssh-ed25519 <base64>, the id an address';

/** Refuses who is not pinned to one of the keys that signed. @throws AttestationError `not-pinned` */
export function assertPinned(
  what: string,
  id: string,
  signers: readonly PublicKey[],
  pins: readonly Pin[],
): void {
  const isPinned = pins.some(
    (pin) => pin.id === id && signers.some(({ fingerprint }) => fingerprint === pin.key.fingerprint),
  );
  if (isPinned) return;
  throw refuse(
    'not-pinned',
    `the ${what} ${quoteText(id)} is not pinned to a key that signed: whoever has a key can name any ${what}`,
    `pin the pair of its id and its key, if you trust it`,
  );
}
