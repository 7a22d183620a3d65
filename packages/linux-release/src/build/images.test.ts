// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, createLayout } from '@latticra/disk-image';
import { withDigests } from '@latticra/held-files/digest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Sum } from './documents.js';
import { writeImages } from './images.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-images-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const layouts = new Map(
  [3_000_000, 70_000].map((size, index) => {
    const source = bytesSource(Buffer.alloc(size, `${index} `));
    return [`${index}.img`, createLayout(size + 5000, [{ offset: 4096, source }])] as const;
  }),
);
const write = <T>(use: (sums: ReadonlyMap<string, Sum>) => Promise<T>) =>
  withDigests({ bytes: 0 }, (digests) =>
    writeImages(
      folder,
      layouts,
      undefined,
      digests,
      { onBytes: () => undefined, signal: new AbortController().signal },
      use,
    ),
  );

it('what is known of the images is what they are, and what is made of it is returned', async () => {
  const sums = await write(async (found) => found);
  expect([...sums.keys()].sort()).toEqual(readdirSync(folder).sort());
  for (const [name, { size, sha256 }] of sums) {
    const bytes = readFileSync(join(folder, name));
    expect(bytes.length).toBe(size);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
});

it('what fails beside the last sync is thrown, when the images are durable', async () => {
  const failure = new Error('no room for the documents');
  await expect(
    write(async () => {
      throw failure;
    }),
  ).rejects.toBe(failure);
  for (const [name, { size }] of layouts) expect(readFileSync(join(folder, name)).length).toBe(size);
});
