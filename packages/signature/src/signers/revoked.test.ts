// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, codeOf, words } from '../../test/keys.js';
import { vector, vectorNames } from '../../test/vectors.js';
import { parseRevokedKeys } from '../index.js';

const parse = (text: string | Uint8Array) => parseRevokedKeys(Buffer.from(text));

describe('parseRevokedKeys', () => {
  it('a public key a line is read, with comments, empty lines and CR LF', () => {
    const revoked = parse(`# lost\r\n\r\n${words(ALICE)} a comment\r\n\t${words(BOB)}`);
    expect([...revoked]).toEqual([ALICE, BOB].map(({ key }) => key.publicKey.fingerprint));
    expect(parse('').size).toBe(0);
  });

  it('a key that nobody could verify by can be revoked too: a weak one, one of another algorithm', () => {
    const all = vectorNames('.', '.pub').map((name) => vector(name));
    expect(parse(Buffer.concat(all)).size).toBe(all.length);
    expect(parse('ssh-dss AAAAB3NzaC1kc3MAAAABAA==').size).toBe(1);
  });

  it.each<[string, string]>([
    ['a name before the key', `alice ${words(ALICE)}`],
    ['a fingerprint', ALICE.key.publicKey.fingerprint],
    ['a type that is not the key’s', words(ALICE).replace('ed25519', 'rsa')],
    ['a key that is cut', words(ALICE).slice(0, -4)],
    ['a key in quotes', `"${words(ALICE)}"`],
    [
      'a certificate',
      `ssh-rsa-cert-v01@openssh.com ${Buffer.from('\0\0\0\x1cssh-rsa-cert-v01@openssh.com').toString('base64')}`,
    ],
    ['a NUL', `${words(ALICE)}\0`],
    ['something else', 'garbage'],
  ])('a list with %s is refused with the number of its line', (_, line) => {
    expect(codeOf(() => parse(`${words(BOB)}\n${line}\n`))).toBe('bad-revoked-keys');
    expect(() => parse(`${words(BOB)}\n${line}\n`)).toThrow(/line 2: /);
  });

  it('a binary key revocation list is refused as one', () => {
    expect(codeOf(() => parse('SSHKRL\n\0\0\0\0\u0001'))).toBe('revocation-list');
  });
});
