// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, layoutChunks } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';
import { createGptDisk, GPT_TYPE } from '@latticra/disk-image/gpt';
import { layoutIso, planIso } from '@latticra/disk-image/iso9660';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GUEST_EXIT_CODE, multibootGuest } from '../../../../tools/testing/guest.js';
import { assertBoot, seedExpectation, VmRunError } from '../index.js';
import { readImageKernel } from '../kernel.js';
import { MAX_SERIAL_BYTES } from '../limits.js';
import { observeEmbeddedBoot } from './observe.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-embedded-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const TEXT = '\r\nGUEST_OK\r\nBUILD a1\r\n';
const SEED = {
  sentinel: 'GUEST_OK',
  buildIdPrefix: 'BUILD ',
  buildId: 'a1',
  exitCode: GUEST_EXIT_CODE,
};
const EXPECTED = seedExpectation(SEED);

/** Makes a GPT disk whose EFI system partition holds these files. */
function disk(files: Record<string, Uint8Array>, typeGuid: string = GPT_TYPE.efiSystem) {
  const esp = createFat({
    size: 2 << 20,
    volumeId: 1,
    timestamp: 0,
    files: Object.entries(files).map(([path, bytes]) => ({ path, content: bytesSource(bytes) })),
  });
  return createGptDisk({
    size: 8 << 20,
    diskGuid: '11111111-2222-5333-8444-555555555555',
    partitions: [{ typeGuid, uniqueGuid: '11111111-2222-5333-8444-666666666666', content: esp.layout }],
  });
}

async function putDisk(kernel: Uint8Array): Promise<string> {
  const path = join(folder, 'disk.raw');
  await writeFileAtomic(path, layoutChunks(disk({ 'boot/kernel.elf': kernel })));
  return path;
}

const observe = async (end: 'exit' | 'hang' | 'flood', timeoutMs = 30_000, signal?: AbortSignal) =>
  observeEmbeddedBoot({
    image: { path: await putDisk(multibootGuest(TEXT, end)), format: 'raw' },
    outputDir: join(folder, 'out'),
    timeoutMs,
    ...(signal && { signal }),
  });

describe('observeEmbeddedBoot', () => {
  it('the embedded run sees the kernel of an image through to its exit value', async () => {
    const observed = await observe('exit');
    expect(() => assertBoot(observed, EXPECTED)).not.toThrow();
    expect(observed).toMatchObject({
      emulator: 'v86',
      emulatorVersion: JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
        .devDependencies.v86,
      end: { kind: 'exit', code: GUEST_EXIT_CODE },
      qemu: undefined,
    });
    expect(readFileSync(join(folder, 'out/serial.log'), 'latin1')).toBe(TEXT);
    expect(readFileSync(join(folder, 'out/screenshot.txt'), 'latin1')).toBe('G\n');
  });

  it('the embedded run ends a guest that does not end itself', async () => {
    const observed = await observe('hang', 500);
    expect(observed.end).toEqual({ kind: 'timeout', timeoutMs: 500 });
    expect(observed.serialLines).toContain('GUEST_OK');
  });

  it('the embedded run ends a guest that floods its log', async () => {
    const observed = await observe('flood');
    expect(observed.end).toEqual({ kind: 'flood', limitBytes: MAX_SERIAL_BYTES });
    expect(observed.serialLog.size).toBe(MAX_SERIAL_BYTES);
  });

  it('the embedded run is interrupted before and in the middle', async () => {
    await expect(observe('hang', 30_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
    await expect(observe('hang', 30_000, AbortSignal.timeout(300))).rejects.toMatchObject({
      code: 'interrupted',
    });
  });
});

/** Runs a kernel and returns how it came out: the kind of its end, or the code of the error. */
async function outcome(kernel: Uint8Array, timeoutMs: number): Promise<string> {
  const image = { path: await putDisk(kernel), format: 'raw' } as const;
  return observeEmbeddedBoot({ image, outputDir: join(folder, 'out'), timeoutMs }).then(
    ({ end }) => end.kind,
    (error: unknown) => (error instanceof VmRunError ? error.code : `no VmRunError: ${error}`),
  );
}

describe('an altered kernel', () => {
  const OUTCOMES = ['exit', 'timeout', 'flood', 'no-kernel', 'emulator-failed'];
  const kernel = multibootGuest(TEXT, 'hang');
  /** The place of the instruction that puts a G onto the screen, after the text was written. */
  const AFTER_TEXT = Buffer.from(kernel).indexOf('c60500800b0047', 'hex');

  it('any altered bytes of a kernel are an end or a reason', async () => {
    const inHeaders = fc.tuple(fc.nat(95), fc.nat(255));
    const anywhere = fc.tuple(fc.nat(kernel.length - 1), fc.nat(255));
    const changes = fc.array(fc.oneof(inHeaders, anywhere), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (all) => {
        const altered = Uint8Array.from(kernel);
        for (const [at, value] of all) altered[at] = value;
        expect(OUTCOMES).toContain(await outcome(altered, 200));
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['jumps to where no memory is', [0xb8, 0, 0, 0, 0xf0, 0xff, 0xe0]], // mov eax,0f0000000h; jmp eax
    ['jumps to the end of memory', [0xb8, 0xff, 0xff, 0xff, 0x03, 0xff, 0xe0]],
    ['runs into an instruction that is none', [0x0f, 0x0b]],
    ['turns paging on over nothing', [0xb8, 1, 0, 0, 0x80, 0x0f, 0x22, 0xc0]],
  ])('a kernel that %s fails the run, and what it wrote is kept', async (_, code) => {
    const altered = Uint8Array.from(kernel);
    altered.set(code, AFTER_TEXT);
    expect(await outcome(altered, 60_000)).toBe('emulator-failed');
    expect(readFileSync(join(folder, 'out/serial.log'), 'latin1')).toBe(TEXT);
  });
});

describe('a kernel that v86 cannot load', () => {
  it('a kernel that v86 cannot load is refused before anything runs', async () => {
    const path = await putDisk(new Uint8Array(20_000));
    const request = { image: { path, format: 'raw' }, outputDir: join(folder, 'out'), timeoutMs: 1 } as const;
    await expect(observeEmbeddedBoot(request)).rejects.toMatchObject({
      code: 'no-kernel',
      message: expect.stringContaining('Multiboot 1'),
    });
  });
});

describe('readImageKernel', () => {
  const kernel = multibootGuest(TEXT);

  it('the kernel is found in each format', async () => {
    const name = 'boot/kernel.elf';
    const plan = planIso({ volumeId: 'TEST', epoch: 0, files: [{ path: name, size: kernel.length }] });
    const iso = layoutIso(plan, { files: new Map([[name, bytesSource(kernel)]]) });
    for (const [format, layout] of [
      ['raw', disk({ 'boot/kernel.elf': kernel })],
      ['qcow2', encodeQcow2(disk({ 'boot/kernel.elf': kernel }))],
      ['iso', iso],
    ] as const) {
      const path = join(folder, `image.${format}`);
      await writeFileAtomic(path, layoutChunks(layout));
      expect(Buffer.from(await readImageKernel(path, format)).equals(kernel)).toBe(true);
    }
  });

  it.each([
    ['no partition table', 'bad-image', () => new Uint8Array(1 << 20)],
    ['nothing', 'bad-image', () => new Uint8Array()],
    [
      'no EFI system partition',
      'no-kernel',
      () => disk({ 'boot/kernel.elf': kernel }, GPT_TYPE.linuxFilesystem),
    ],
    ['no kernel', 'no-kernel', () => disk({ 'boot/other.elf': kernel })],
  ])('a kernel cannot be read from an image with %s, and the reason says so', async (_, code, make) => {
    const path = join(folder, 'image.raw');
    const made = make();
    await writeFileAtomic(path, made instanceof Uint8Array ? made : layoutChunks(made));
    await expect(readImageKernel(path, 'raw')).rejects.toMatchObject({
      code,
      kind: 'data',
      message: expect.stringContaining(path),
    });
  });

  it('an image of one format is not read as another', async () => {
    const path = await putDisk(kernel);
    await expect(readImageKernel(path, 'iso')).rejects.toMatchObject({ code: 'bad-image' });
    await expect(readImageKernel(path, 'qcow2')).rejects.toMatchObject({ code: 'bad-image' });
    writeFileSync(path, 'x');
    await expect(readImageKernel(path, 'raw')).rejects.toMatchObject({ code: 'bad-image' });
  });
});
