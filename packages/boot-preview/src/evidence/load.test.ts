// SPDX-License-Identifier: Apache-2.0
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519Key, NAMESPACES, parseAllowedSigners, takeSigningKey } from '@latticra/signature';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVIDENCE_TEXT } from '../../test/evidence.js';
import { holdFile } from '../files/inside.js';
import { sumBytes } from '../files/sum.js';
import { holdEvidence } from './load.js';

let base = '';
const at = (name: string) => join(base, name);
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'held-evidence-'));
  mkdirSync(at('record'));
  writeFileSync(at('record/evidence.txt'), EVIDENCE_TEXT);
  writeFileSync(at('record/beside'), 'beside the record');
});
afterEach(() => rmSync(base, { recursive: true }));

it('a record is read with its digest, by a path that starts at the current folder', async () => {
  await holdEvidence('record/evidence.txt', { cwd: base }, async (record) => {
    expect(record).toMatchObject({
      path: 'record/evidence.txt',
      sha256: sumBytes(Buffer.from(EVIDENCE_TEXT)),
      evidence: { buildId: 'nightly.1' },
    });
  });
});

it('what is looked at lies beside the record that was read, whatever takes the place of its folder', async () => {
  await holdEvidence(at('record/evidence.txt'), { cwd: base }, async (record) => {
    renameSync(at('record'), at('moved'));
    mkdirSync(at('record'));
    writeFileSync(at('record/beside'), 'of another record');
    const beside = await holdFile(record, 'x', 'beside', (file) => file.bytes(100).toString());
    expect(beside).toBe('beside the record');
  });
});

it.each<[string, () => void, string]>([
  ['is a link', () => symlinkSync('evidence.txt', at('record/other.txt')), 'not-regular'],
  ['has a second name', () => linkSync(at('record/evidence.txt'), at('record/other.txt')), 'hard-linked'],
  ['is a folder', () => mkdirSync(at('record/other.txt')), 'not-regular'],
  ['is not there', () => undefined, 'not-found'],
  [
    'claims something',
    () => writeFileSync(at('record/other.txt'), `${EVIDENCE_TEXT}bootable_os_ready=1\n`),
    'marked-ready',
  ],
  ['is something else', () => writeFileSync(at('record/other.txt'), 'x\n'), 'record'],
])('a record that %s is refused', async (_, lay, code) => {
  lay();
  await expect(
    holdEvidence(at('record/other.txt'), { cwd: base }, async () => undefined),
  ).rejects.toMatchObject({
    code,
  });
});

it('the signature of a record has to be one of it, and by somebody who counts where that is asked', async () => {
  const { privateFile, publicLine } = generateEd25519Key('machine-1');
  writeFileSync(at('key'), privateFile, { mode: 0o600 });
  const signer = await takeSigningKey(at('key'), { cwd: base, env: { PATH: '' } });
  const policy = (namespace: string) => ({
    allowed: parseAllowedSigners(Buffer.from(`machine-1 namespaces="${namespace}" ${publicLine}`)),
    at: new Date(),
  });
  const hold = (signers?: ReturnType<typeof policy>) =>
    holdEvidence('record/evidence.txt', { cwd: base, signers }, async ({ signature }) => signature);
  const refused = (signers: ReturnType<typeof policy> | undefined, message: string) =>
    expect(hold(signers)).rejects.toMatchObject({
      code: 'signature',
      kind: 'data',
      message: expect.stringContaining(message),
      fix: expect.stringMatching(/\w/),
    });
  expect(await hold()).toBeUndefined();
  await refused(policy('latticra-boot'), 'signature: signature: ');
  await signer.sign(at('record/evidence.txt'), NAMESPACES.boot);
  expect((await hold())?.signer).toBeUndefined();
  expect((await hold(policy('latticra-boot')))?.signer?.principal).toBe('machine-1');
  await refused(policy('latticra-build'), 'is not allowed for latticra-boot');
  // Whoever changes record and log together has no signature of the machine.
  writeFileSync(at('record/evidence.txt'), EVIDENCE_TEXT.replace('nightly.1', 'nightly.2'));
  await refused(undefined, 'record/evidence.txt: signature: signature: ');
});
