// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, type Layout, layoutChunks, layoutSource } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';
import { createGptDisk, GPT_TYPE } from '@latticra/disk-image/gpt';
import { layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SeedArtifact } from './artifact.js';
import { measureSeed } from './measure.js';

const KERNEL = Buffer.alloc(5000, 'kernel');
const LOADER = Buffer.alloc(3000, 'loader');
const GUID = '01234567-89AB-5DEF-8123-456789ABCDEF';
const nothing = { isFromSources: () => false };

let paths: Record<SeedArtifact, string>;
let folder: string;

const put = (path: string, layout: Layout) => writeFileAtomic(path, layoutChunks(layout));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sbom-seed-'));
  paths = {
    iso: join(folder, 'seed.iso'),
    vmImage: join(folder, 'seed.qcow2'),
    kernel: join(folder, 'seed.elf'),
    efiBootloader: join(folder, 'BOOTX64.EFI'),
    espRaw: join(folder, 'esp.raw'),
  };
  const esp = createFat({
    size: 2 << 20,
    volumeId: 1,
    timestamp: 0,
    files: [
      { path: 'EFI/BOOT/BOOTX64.EFI', content: bytesSource(LOADER) },
      { path: 'kernel.elf', content: bytesSource(KERNEL) },
    ],
  }).layout;
  const plan = planIso({
    volumeId: 'SEED',
    epoch: 0,
    files: [{ path: 'boot/esp.img', size: esp.size }],
    boot: [{ platform: 'uefi', path: 'boot/esp.img', loadSectors: 1 }],
  });
  const disk = createGptDisk({
    size: 8 << 20,
    diskGuid: GUID,
    partitions: [{ typeGuid: GPT_TYPE.efiSystem, uniqueGuid: GUID, content: esp }],
  });
  await writeFile(paths.kernel, KERNEL);
  await writeFile(paths.efiBootloader, LOADER);
  await put(paths.espRaw, esp);
  await put(paths.iso, layoutIso(plan, { files: new Map([['boot/esp.img', layoutSource(esp)]]) }));
  await put(paths.vmImage, encodeQcow2(disk));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('measureSeed', () => {
  it('every file is measured in full, and what lies in which image is found', async () => {
    let bytes = 0;
    const { artifacts, contents } = await measureSeed(paths, {
      ...nothing,
      onBytes: (count) => (bytes += count),
    });
    expect(artifacts.kernel).toEqual({
      path: paths.kernel,
      size: KERNEL.length,
      sha1: createHash('sha1').update(KERNEL).digest('hex'),
      sha256: createHash('sha256').update(KERNEL).digest('hex'),
      problem: undefined,
    });
    expect(bytes).toBe(Object.values(artifacts).reduce((sum, { size }) => sum + size, 0));
    expect(contents.map(({ image, content }) => `${image} ${content}`)).toEqual([
      'espRaw kernel',
      'espRaw efiBootloader',
      'iso kernel',
      'iso efiBootloader',
      'iso espRaw',
      'vmImage kernel',
      'vmImage efiBootloader',
      'vmImage espRaw',
    ]);
  });

  it('nothing is claimed of a kernel that differs in one byte from the one in the images', async () => {
    await writeFile(paths.kernel, Buffer.from(KERNEL).fill('K', 0, 1));
    const { contents } = await measureSeed(paths, nothing);
    expect(contents.filter(({ content }) => content === 'kernel')).toEqual([]);
    expect(contents).toHaveLength(5);
  });

  it('an image of an unknown format is listed, and reported as not looked into', async () => {
    await writeFile(paths.iso, 'no image at all');
    const { artifacts, contents } = await measureSeed(paths, nothing);
    expect(artifacts.iso.problem).toEqual(expect.any(String));
    expect(artifacts.vmImage.problem).toBeUndefined();
    expect(contents.some(({ image }) => image === 'iso')).toBe(false);
  });

  it('the caller is asked about the kernel and the loader, with all their bytes', async () => {
    const asked: [SeedArtifact, Uint8Array][] = [];
    const { fromSources } = await measureSeed(paths, {
      isFromSources: (artifact, bytes) => asked.push([artifact, bytes]) === 1,
    });
    expect(asked.map(([artifact, bytes]) => [artifact, Buffer.from(bytes)])).toEqual([
      ['kernel', KERNEL],
      ['efiBootloader', LOADER],
    ]);
    expect(fromSources).toEqual(['kernel']);
  });

  it('the file that is missing is named', async () => {
    await rm(paths.espRaw);
    await expect(measureSeed(paths, nothing)).rejects.toMatchObject({
      code: 'not-found',
      kind: 'input-missing',
    });
  });
});
