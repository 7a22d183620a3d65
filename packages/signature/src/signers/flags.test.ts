// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, BOB, words } from '../../test/keys.js';
import { formatVerifyTime, parseVerifyTime, type SignerFlags, signersOf } from '../index.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'signers-'));
  await writeFile(join(cwd, 'allowed'), `alice ${words(ALICE)}\n`);
  await writeFile(join(cwd, 'revoked'), words(BOB));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const of = (flags: Partial<SignerFlags>) =>
  signersOf(
    {
      'allowed-signers': undefined,
      'revoked-keys': undefined,
      'verify-time': undefined,
      signer: undefined,
      ...flags,
    },
    cwd,
  );

describe('signersOf', () => {
  it('no signature is verified without a list of signers, and no other flag is taken', async () => {
    expect(await of({})).toBeUndefined();
    for (const name of ['revoked-keys', 'verify-time', 'signer'] as const) {
      await expect(of({ [name]: 'x' })).rejects.toMatchObject({
        code: 'bad-request',
        kind: 'usage',
        message: `--${name}: goes with --allowed-signers only`,
      });
    }
  });

  it('the lists are read as they stand, and the time is now unless it is given', async () => {
    const before = Date.now();
    const signers = await of({ 'allowed-signers': 'allowed', 'revoked-keys': 'revoked', signer: 'alice' });
    expect(signers?.allowed.signers).toMatchObject([{ principals: ['alice'] }]);
    expect([...(signers?.revoked ?? [])]).toEqual([BOB.key.publicKey.fingerprint]);
    expect(Buffer.from(signers?.allowedList.bytes ?? []).toString()).toBe(`alice ${words(ALICE)}\n`);
    expect(signers?.at.getTime()).toBeGreaterThan(before - 1000);
    expect((signers?.at.getTime() ?? 1) % 1000).toBe(0);
    const then = await of({ 'allowed-signers': 'allowed', 'verify-time': '2024-02-29T23:59:59Z' });
    expect(then).toMatchObject({
      at: new Date('2024-02-29T23:59:59Z'),
      signer: undefined,
      revoked: undefined,
    });
  });

  it('a list that is missing, a signer that is a pattern and lists that cannot be read are refused', async () => {
    await expect(of({ 'allowed-signers': 'gone' })).rejects.toMatchObject({ kind: 'input-missing' });
    await expect(of({ 'allowed-signers': 'allowed', signer: '*' })).rejects.toMatchObject({
      code: 'bad-signer',
    });
    await writeFile(join(cwd, 'bad'), 'x');
    await expect(of({ 'allowed-signers': 'bad' })).rejects.toMatchObject({ code: 'bad-allowed-signers' });
    await expect(of({ 'allowed-signers': 'allowed', 'revoked-keys': 'bad' })).rejects.toMatchObject({
      code: 'bad-revoked-keys',
    });
  });

  it.each([
    '',
    'now',
    '2024-01-01',
    '2024-01-01T00:00:00',
    '2024-01-01T00:00:00+01:00',
    '2024-02-30T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '20240101000000Z',
  ])('the time %j is refused', (text) => {
    expect(() => parseVerifyTime(text)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('a time that is written is read back', () => {
    expect(formatVerifyTime(parseVerifyTime('2026-11-28T14:00:00Z'))).toBe('2026-11-28T14:00:00Z');
  });
});
