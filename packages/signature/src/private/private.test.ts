// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/keys.js';
import { FIXED, privateFile as file } from '../../test/private-file.js';
import { generateEd25519Key, parseOpensshPrivateKey, parsePublicLine } from '../index.js';
import { formatArmour } from '../text/armour.js';
import { wireStrings } from '../wire/write.js';
import { ed25519Halves } from './key.js';

const { seed, point } = ed25519Halves(FIXED);

describe('private keys', () => {
  it('a key that was made is read back from its file, and its public line is the same key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~é]{0,40}$/), (comment) => {
        const { privateFile, publicLine, key } = generateEd25519Key(comment);
        const read = parseOpensshPrivateKey(privateFile);
        expect(read.comment).toBe(comment);
        expect(read.publicKey.fingerprint).toBe(key.publicKey.fingerprint);
        expect(ed25519Halves(read)).toEqual(ed25519Halves(key));
        expect(parsePublicLine(publicLine).fingerprint).toBe(key.publicKey.fingerprint);
      }),
      { numRuns: 50 },
    );
  });

  it('a comment of two lines is a mistake of the caller', () => {
    expect(() => generateEd25519Key('a\nb')).toThrow(RangeError);
  });

  it('the file that the refusals change is a key', () => {
    expect(codeOf(() => parseOpensshPrivateKey(file()))).toBe('done');
  });

  it.each<[string, string, Parameters<typeof file>[0]]>([
    ['a passphrase', 'encrypted-key', { cipher: 'aes256-ctr', kdf: 'bcrypt' }],
    ['another magic', 'bad-private-key', { magic: 'openssh-key-v2\0' }],
    ['a key derivation', 'bad-private-key', { kdf: 'bcrypt' }],
    ['options', 'bad-private-key', { options: 'x' }],
    ['two keys', 'bad-private-key', { count: 2 }],
    [
      'another public half outside',
      'bad-private-key',
      { publicBlob: wireStrings('ssh-ed25519', Buffer.alloc(32, 9)) },
    ],
    ['check numbers that differ', 'bad-private-key', { checks: [7, 8] }],
    ['another type', 'bad-private-key', { type: 'ssh-rsa' }],
    ['a seed of another key', 'bad-private-key', { halves: Buffer.concat([Buffer.alloc(32, 1), point]) }],
    ['halves that are cut', 'bad-private-key', { halves: seed }],
    ['other padding', 'bad-private-key', { padding: [1, 2, 3, 5] }],
    ['no padding', 'bad-private-key', { padding: [] }],
    [
      'a block of padding too much',
      'bad-private-key',
      { padding: Array.from({ length: 12 }, (_, i) => i + 1) },
    ],
    ['something behind it', 'bad-private-key', { tail: 'x' }],
  ])('a file with %s is refused', (_, code, parts) => {
    expect(codeOf(() => parseOpensshPrivateKey(file(parts)))).toBe(code);
  });

  it('a file with one bit flipped is refused, or is the same key: its check number and comment are free', () => {
    const sound = Buffer.from(file().toString().split('\n').slice(1, -2).join(''), 'base64');
    fc.assert(
      fc.property(fc.nat(sound.length * 8 - 1), (bit) => {
        const flipped = Buffer.from(sound);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const bytes = Buffer.from(formatArmour('OPENSSH PRIVATE KEY', flipped));
        const code = codeOf(() => parseOpensshPrivateKey(bytes));
        if (code === 'done') {
          expect(parseOpensshPrivateKey(bytes).publicKey.fingerprint).toBe(FIXED.publicKey.fingerprint);
        } else expect(['bad-private-key', 'encrypted-key']).toContain(code);
      }),
    );
  });

  it('what is no key at all is refused, and nothing of it is in the message', () => {
    const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PRIVATE KEY-----`);
    for (const text of ['', 'secret', `${begin}\nsecret\n${end}\n`]) {
      expect(codeOf(() => parseOpensshPrivateKey(Buffer.from(text)))).toBe('bad-private-key');
      expect(() => parseOpensshPrivateKey(Buffer.from(text))).not.toThrow(/secret/);
    }
  });
});
