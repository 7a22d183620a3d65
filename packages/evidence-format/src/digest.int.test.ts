// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { formatChecksumLine, parseChecksums } from './index.js';

const NAMES = [
  'plain.iso',
  ' leading',
  '*star',
  'with  two spaces',
  'trailing ',
  '#hash',
  "it's",
  '-x',
  'é€.iso',
  '$HOME',
];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-digest-'));
  for (const name of NAMES) writeFileSync(join(folder, name), `content of ${name}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = () =>
  NAMES.map((name) =>
    formatChecksumLine(createHash('sha256').update(`content of ${name}`).digest('hex'), name),
  ).join('');

const verify = (text: string) =>
  spawnSync('sha256sum', ['-c', '--strict', '-'], { cwd: folder, input: text, encoding: 'utf8' });

describe('sha256sum', () => {
  itWith(
    ['sha256sum'],
    'sha256sum accepts every checksum line as it stands, and reads the same names',
    () => {
      const { status, stdout, stderr } = verify(lines());
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout.trimEnd().split('\n')).toHaveLength(NAMES.length);
    },
  );

  itWith(['sha256sum'], 'what sha256sum writes is read back', () => {
    const text = execFileSync('sha256sum', ['--', ...NAMES], { cwd: folder, encoding: 'utf8' });
    expect(text).toBe(lines());
    expect(parseChecksums(text).map(({ name }) => name)).toEqual(NAMES);
  });

  itWith(['sha256sum'], 'sha256sum finds one changed digit', () => {
    const text = lines();
    expect(verify((text.startsWith('0') ? '1' : '0') + text.slice(1)).status).toBe(1);
  });
});
