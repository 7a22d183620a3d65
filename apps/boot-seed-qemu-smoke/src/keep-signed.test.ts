// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { generateEd25519Key, NAMESPACES, readRecordSignature, takeSigningKey } from '@latticra/signature';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepSigned } from './keep-signed.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keep-signed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the report of a smoke is left with its signature, and none of an earlier one after a boot that failed', async () => {
  const { privateFile, key } = generateEd25519Key('machine-1');
  writeFileSync(join(folder, 'key'), privateFile, { mode: 0o600 });
  const signer = await takeSigningKey(join(folder, 'key'), { cwd: folder, env: { PATH: '' } });
  const report = { title: 'A SMOKE', fields: [{ key: 'a', value: '1' }], sections: [] };
  expect(await keepSigned(folder, signer, async () => report)).toBe(report);
  const bytes = readFileSync(join(folder, 'smoke-report.txt'));
  expect(bytes.toString()).toBe(formatDocument(report));
  const file = readFileSync(join(folder, 'smoke-report.txt.sig'));
  const { signature } = readRecordSignature(file, bytes, NAMESPACES.boot);
  expect(signature.key.fingerprint).toBe(key.publicKey.fingerprint);
  await expect(
    keepSigned(folder, signer, async () => {
      throw new Error('no boot');
    }),
  ).rejects.toThrow('no boot');
  expect(readdirSync(folder)).toEqual(['key']);
});
