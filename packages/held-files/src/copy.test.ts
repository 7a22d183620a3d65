// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../test/folder.js';
import { copyAndSum, measureFile } from './index.js';

const MIB = 1 << 20;
const folder = testFolder();

describe('copyAndSum', () => {
  it.each([0, 1, MIB - 1, MIB, 2 * MIB + 3])('copies %d bytes and measures them', async (size) => {
    const bytes = randomBytes(size);
    writeFileSync(folder.at('a'), bytes);
    let counted = 0;
    const found = await copyAndSum(folder.at('a'), folder.at('b'), {
      sha1: true,
      onBytes: (count) => {
        counted += count;
      },
    });
    expect(Buffer.compare(readFileSync(folder.at('b')), bytes)).toBe(0);
    expect(found).toEqual(await measureFile(folder.at('b'), { sha1: true }));
    expect(counted).toBe(size);
  });

  it('leaves stretches of zeros as holes', async () => {
    writeFileSync(folder.at('a'), 'head');
    truncateSync(folder.at('a'), 32 * MIB);
    appendFileSync(folder.at('a'), 'tail');
    truncateSync(folder.at('a'), 40 * MIB);
    const found = await copyAndSum(folder.at('a'), folder.at('b'));
    expect(found.sha256).toBe((await measureFile(folder.at('a'))).sha256);
    expect(found).toEqual(await measureFile(folder.at('b')));
    expect(statSync(folder.at('b')).blocks * 512).toBeLessThan(4 * MIB);
  });

  it('refuses a target that exists, in any form, and leaves it', async () => {
    writeFileSync(folder.at('a'), 'new');
    writeFileSync(folder.at('old'), 'old');
    symlinkSync('nowhere', folder.at('dangling'));
    symlinkSync('old', folder.at('link'));
    mkdirSync(folder.at('folder'));
    for (const name of ['a', 'old', 'dangling', 'link', 'folder']) {
      await expect(copyAndSum(folder.at('a'), folder.at(name))).rejects.toThrow(
        expect.objectContaining({ code: 'exists', kind: 'cannot-create', path: folder.at(name) }),
      );
    }
    expect(readFileSync(folder.at('a'), 'utf8')).toBe('new');
    expect(readFileSync(folder.at('old'), 'utf8')).toBe('old');
  });

  it('says which side is missing', async () => {
    writeFileSync(folder.at('a'), 'x');
    await expect(copyAndSum(folder.at('missing'), folder.at('b'))).rejects.toThrow(
      expect.objectContaining({ code: 'not-found', kind: 'input-missing', path: folder.at('missing') }),
    );
    await expect(copyAndSum(folder.at('a'), folder.at('missing/b'))).rejects.toThrow(
      expect.objectContaining({ code: 'cannot-create', kind: 'cannot-create', path: folder.at('missing/b') }),
    );
  });

  it('fails when the source changes meanwhile', async () => {
    writeFileSync(folder.at('a'), randomBytes(3 * MIB));
    let steps = 0;
    const onBytes = () => {
      if (steps++ === 0) appendFileSync(folder.at('a'), 'x');
    };
    await expect(copyAndSum(folder.at('a'), folder.at('b'), { onBytes })).rejects.toThrow(
      expect.objectContaining({ code: 'changed', kind: 'data', path: folder.at('a') }),
    );
  });
});
