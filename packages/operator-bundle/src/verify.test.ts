// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReleaseOptions, requestOf, writeRelease } from '../test/release.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function stage(options: ReleaseOptions = {}, outputDir = 'out') {
  await writeRelease(join(cwd, 'release'), options);
  return stageOperatorBundle(requestOf('release/manifest.txt', outputDir), { cwd });
}

const text = (name: string, folder = 'out') => readFile(join(cwd, folder, name), 'utf8');
describe('verifyOperatorBundle', () => {
  it('finds any changed byte in any file', async () => {
    await stage({ iso: Buffer.alloc(40_000, 'iso') });
    const folder = join(cwd, 'out');
    const names = await readdir(folder);
    const flip = async (name: string, at: number, value: number) => {
      const path = join(folder, name);
      const good = await readFile(path);
      const bad = Buffer.from(good);
      const index = at % good.length;
      bad.writeUInt8((good.readUInt8(index) ^ value) & 0xff, index);
      await writeFile(path, bad);
      await expect(verifyOperatorBundle(folder), `${name} at ${index} by ${value}`).rejects.toThrow();
      await writeFile(path, good);
    };
    for (const name of names) await flip(name, 0, 1);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), flip),
      { numRuns: 150 },
    );
    // What sha256sum itself passes over: capitals, a comment, the mark of a binary file.
    const sums = await text('SHA256SUMS');
    const letter = sums.search(/[a-f]/);
    await flip('SHA256SUMS', letter, 0x20);
    await flip('SHA256SUMS', 0, sums.charCodeAt(0) ^ 0x23);
    await flip('SHA256SUMS', 65, 0x20 ^ 0x2a);
    await expect(verifyOperatorBundle(folder)).resolves.toMatchObject({ missingForReview: [] });
  });

  it('finds a file that was added, one that was taken away, and another order', async () => {
    await stage();
    const folder = join(cwd, 'out');
    await writeFile(join(folder, 'extra'), '');
    await expect(verifyOperatorBundle(folder)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/^extra: is there/),
    });
    await rm(join(folder, 'extra'));
    const sums = await text('SHA256SUMS');
    await writeFile(
      join(folder, 'SHA256SUMS'),
      sums
        .split(/(?<=\n)/)
        .reverse()
        .join(''),
    );
    await expect(verifyOperatorBundle(folder)).rejects.toMatchObject({ code: 'damaged' });
    await writeFile(join(folder, 'SHA256SUMS'), sums);
    await rm(join(folder, 'README.txt'));
    await expect(verifyOperatorBundle(folder)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/^README.txt: has/),
    });
  });
});
