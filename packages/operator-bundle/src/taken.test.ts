// SPDX-License-Identifier: Apache-2.0
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFile } from '@latticra/held-files';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOOT_ISO } from '../../../tools/testing/images.js';
import { withTakenImages } from './taken.js';

const SIZE = 2 << 20;
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bundle-taken-'));
  writeFileSync(join(cwd, 'os.iso'), BOOT_ISO);
  truncateSync(join(cwd, 'os.iso'), SIZE);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));
const at = (name: string) => join(cwd, name);

it('an image that was taken is given once, with what it was found to be, and its copy is known where it lies then', async () => {
  const found = await withTakenImages(at('out'), async (taken) => {
    const image = await taken.take(at('os.iso'));
    expect(image.inspection.kind).toBe('iso9660');
    let counted = 0;
    const given = await taken.give(at('os.iso'), at('copy'), { onBytes: (count) => (counted += count) });
    expect(given).toEqual({ ...image, measurement: { ...image.measurement, path: at('copy') } });
    expect([counted, await taken.give(at('os.iso'), at('other'))]).toEqual([SIZE, undefined]);
    const read: number[] = [];
    await measureFile(at('copy'), { known: taken.kept, onBytes: (count) => read.push(count) });
    expect(read).toEqual([SIZE]);
    return given;
  });
  expect(found?.measurement.sha256).toBe((await measureFile(at('os.iso'))).sha256);
  expect(readFileSync(at('copy')).equals(readFileSync(at('os.iso')))).toBe(true);
  expect(readdirSync(cwd).sort()).toEqual(['copy', 'os.iso']);
});

it('an image that was written to since, that nobody took, or that is to be summed otherwise, is not given', async () => {
  await withTakenImages(at('out'), async (taken) => {
    writeFileSync(at('other.iso'), readFileSync(at('os.iso')));
    await taken.take(at('os.iso'));
    expect(await taken.give(at('other.iso'), at('copy'))).toBeUndefined();
    expect(await taken.give(at('os.iso'), at('copy'), { sha512: true })).toBeUndefined();
    appendFileSync(at('os.iso'), 'more');
    expect(await taken.give(at('os.iso'), at('copy'))).toBeUndefined();
  });
  expect(readdirSync(cwd).sort()).toEqual(['os.iso', 'other.iso']);
});

it.skipIf(!existsSync('/proc/self'))(
  'images are measured alone, and none is given, beside what is on another disk',
  async () => {
    // The system's own: a disk that nobody writes to.
    await withTakenImages('/proc', async (taken) => {
      const { measurement } = await taken.take(at('os.iso'));
      expect(measurement).toEqual(await measureFile(at('os.iso')));
      expect(await taken.give(at('os.iso'), at('copy'))).toBeUndefined();
    });
    expect(readdirSync(cwd)).toEqual(['os.iso']);
  },
);
