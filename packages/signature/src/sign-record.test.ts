// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE, words } from '../test/keys.js';
import { authorise } from './authorise.js';
import { NAMESPACES } from './namespace.js';
import { parseSignature } from './parse/signature.js';
import { dropSignature, takeSigningKey } from './sign-record.js';
import { type SignerFlags, signersOf } from './signers/flags.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sign-record-'));
  writeFileSync(at('key'), ALICE.privateFile, { mode: 0o600 });
  writeFileSync(at('allowed'), `alice ${words(ALICE)}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const take = (key = 'key') => takeSigningKey(at(key), { cwd: folder, env: { PATH: '' } });
const flags = (changes: Partial<SignerFlags> = {}): SignerFlags => ({
  'allowed-signers': 'allowed',
  'revoked-keys': undefined,
  signer: undefined,
  'verify-time': undefined,
  ...changes,
});

it('a record is signed without any program, in place of an earlier signature, and verified by the allowed signers', async () => {
  const signer = await take();
  const policy = await signersOf(flags(), folder);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (record) => {
      writeFileSync(at('record.txt'), record);
      const { path } = await signer.sign(at('record.txt'), NAMESPACES.boot);
      expect(path).toBe(at('record.txt.sig'));
      const digest = createHash('sha256').update(record).digest();
      const signature = parseSignature(readFileSync(path));
      if (policy === undefined) throw new Error('there is a policy');
      expect(authorise(signature, digest, NAMESPACES.boot, policy)).toMatchObject({ principal: 'alice' });
      const other = createHash('sha256').update(record).update('x').digest();
      expect(() => authorise(signature, other, NAMESPACES.boot, policy)).toThrow(
        expect.objectContaining({ code: 'not-verified' }),
      );
    }),
    { numRuns: 20 },
  );
  await dropSignature(at('record.txt'));
  await dropSignature(at('record.txt'));
  expect(existsSync(at('record.txt.sig'))).toBe(false);
});

it('a key that is missing, or that others can read, is refused before anything is done', async () => {
  await expect(take('missing')).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
  chmodSync(at('key'), 0o640);
  await expect(take()).rejects.toMatchObject({ code: 'bad-private-key', kind: 'data' });
});

it('a key that this process cannot use goes through ssh-keygen, which has to be there', async () => {
  writeFileSync(at('record.txt'), 'a record');
  writeFileSync(at('key.pub'), ALICE.publicLine);
  const signer = await take('key.pub');
  await expect(signer.sign(at('record.txt'), NAMESPACES.build)).rejects.toMatchObject({
    code: 'program-missing',
  });
  expect(existsSync(at('record.txt.sig'))).toBe(false);
});

it('the flags of signers are read together, and refused where they make no sense', async () => {
  expect(await signersOf(flags({ 'allowed-signers': undefined }), folder)).toBeUndefined();
  writeFileSync(at('revoked'), ALICE.publicLine);
  const policy = await signersOf(
    flags({ 'revoked-keys': 'revoked', signer: 'alice', 'verify-time': '2026-01-31T12:00:00Z' }),
    folder,
  );
  expect(policy?.at.toISOString()).toBe('2026-01-31T12:00:00.000Z');
  expect(policy?.signer).toBe('alice');
  expect(policy?.revoked?.has(ALICE.key.publicKey.fingerprint)).toBe(true);
  const refused = (changes: Partial<SignerFlags>, message: string) =>
    expect(signersOf(flags(changes), folder)).rejects.toMatchObject({
      code: expect.stringMatching(/^bad-(?:signer|request)$/),
      kind: 'usage',
      message: expect.stringContaining(message),
    });
  await refused({ 'allowed-signers': undefined, signer: 'alice' }, '--signer: goes with');
  await refused({ 'verify-time': '2026-02-31T00:00:00Z' }, '--verify-time: ');
  await refused({ 'verify-time': 'now' }, '--verify-time: ');
  await refused({ signer: 'ali*' }, 'ali*');
});
