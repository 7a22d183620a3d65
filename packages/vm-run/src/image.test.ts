// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, layoutSource, readBytes } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { biosGuest } from '../../../tools/testing/guest.js';
import { type BootImageFormat, measureImage } from './image.js';
import { observeBoot } from './index.js';
import { observeEmbeddedBoot } from './v86/observe.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-image-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const DISK = biosGuest('HELLO');
const file = layoutSource(
  encodeQcow2({ size: DISK.length, extents: [{ offset: 0, source: bytesSource(DISK) }] }),
);
const QCOW2 = readBytes(file, 0, file.size);

/** Returns the qcow2 file with other bytes at some places of its header. */
function altered(...patches: readonly (readonly [at: number, ...bytes: number[]])[]): Uint8Array {
  const copy = Uint8Array.from(QCOW2);
  for (const [at, ...bytes] of patches) copy.set(bytes, at);
  return copy;
}
const BACKING = altered([14, 4, 0], [19, 5], [1024, ...Buffer.from('/base')]);

it('a sound image is measured', async () => {
  for (const [format, bytes] of [
    ['raw', DISK],
    ['qcow2', QCOW2],
  ] as const) {
    const path = join(folder, `good.${format}`);
    writeFileSync(path, bytes);
    expect((await measureImage(path, format)).measurement).toMatchObject({ path, size: bytes.length });
  }
});

it.each<[string, BootImageFormat, Uint8Array, RegExp, RegExp?]>([
  ['a qcow2 file on another', 'qcow2', BACKING, /needs the backing file "\/base"/, /qemu-img convert/],
  ['a qcow2 file whose data lies elsewhere', 'qcow2', altered([79, 4]), /keeps its data in/, /convert/],
  ['a dirty qcow2 file', 'qcow2', altered([79, 1]), /marked as dirty/, /qemu-img check/],
  ['a corrupt qcow2 file', 'qcow2', altered([79, 2]), /marked as corrupt/, /qemu-img check/],
  ['an encrypted qcow2 file', 'qcow2', altered([35, 2]), /encrypted/],
  ['half a qcow2 file', 'qcow2', QCOW2.subarray(0, QCOW2.length >> 1), /./],
  ['a raw disk as qcow2', 'qcow2', DISK, /found a raw disk image, expected a qcow2/, /name it as a raw/],
  [
    'a qcow2 file as a raw disk',
    'raw',
    QCOW2,
    /found a qcow2 image, expected a raw disk/,
    /name it as qcow2/,
  ],
  ['a raw disk as an ISO', 'iso', DISK, /found a raw disk image, expected an ISO/],
  ['text', 'iso', Buffer.from('not an image\n'), /found text, expected an ISO 9660 image/],
  ['xz data', 'iso', Buffer.from('fd377a585a000004e6d6b446', 'hex'), /found xz data/, /^decompress.*xz -d$/],
  ['an empty file', 'raw', new Uint8Array(), /found an empty file/],
  ['zeros', 'raw', new Uint8Array(1 << 20), /found data of no format/],
])(
  '%s (%s) is refused by name, before anything is started or made',
  async (name, format, bytes, reason, fix) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.${format}`);
    writeFileSync(path, bytes);
    const expected = {
      code: 'bad-image',
      kind: 'data',
      message: expect.stringMatching(reason),
      ...(fix && { fix: expect.stringMatching(fix) }),
    };
    const outputDir = join(folder, 'out');
    const request = { image: { path, format }, outputDir, timeoutMs: 60_000 };
    await expect(measureImage(path, format)).rejects.toThrow(path);
    await expect(observeEmbeddedBoot(request)).rejects.toMatchObject(expected);
    const machine = { machine: 'q35', firmware: { kind: 'seabios' }, attach: 'disk', memoryMib: 64 } as const;
    await expect(
      observeBoot({ ...request, ...machine, cpus: 1, program: '/nowhere/qemu' }),
    ).rejects.toMatchObject(expected);
    expect(existsSync(outputDir)).toBe(false);
  },
);
