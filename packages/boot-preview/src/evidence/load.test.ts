// SPDX-License-Identifier: Apache-2.0
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  await holdEvidence('record/evidence.txt', base, async (record) => {
    expect(record).toMatchObject({
      path: 'record/evidence.txt',
      sha256: sumBytes(Buffer.from(EVIDENCE_TEXT)),
      evidence: { buildId: 'nightly.1' },
    });
  });
});

it('what is looked at lies beside the record that was read, whatever takes the place of its folder', async () => {
  await holdEvidence(at('record/evidence.txt'), base, async (record) => {
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
  await expect(holdEvidence(at('record/other.txt'), base, async () => undefined)).rejects.toMatchObject({
    code,
  });
});
