// SPDX-License-Identifier: Apache-2.0

/** Makes bytes laid out as GRUB's boot.img, filled with a pattern. */
export function makeBootImage(): Buffer {
  const image = Buffer.from(Uint8Array.from({ length: 512 }, (_, at) => (at * 7) & 0xff));
  image.writeBigUInt64LE(1n, 0x5c);
  image.set([0xff], 0x64);
  image.set([0xeb, 0x05], 0x66);
  image.set([0x55, 0xaa], 510);
  return image;
}

/** Makes bytes of that size laid out as GRUB's core.img. */
export function makeCoreImage(size: number): Buffer {
  const image = Buffer.alloc(Math.max(size, 512), 0xc0);
  image.writeBigUInt64LE(2n, 500);
  image.writeUInt16LE(Math.max(1, Math.ceil(size / 512) - 1), 508);
  image.writeUInt16LE(0x820, 510);
  return image.subarray(0, size);
}

/** A file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly content: string;
  readonly time: number;
}

/** Makes a ustar archive of these files, in this order, ending in two blocks of zeros. */
export function makeTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ name, content, time }) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write('0000600\x000001750\x000001750\0', 100);
    header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${time.toString(8).padStart(11, '0')}\0`, 136);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const data = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    data.write(content);
    return [header, data];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** An object that an EFI loader of GRUB's carries: a kind and its bytes. */
export type GrubObject = readonly [kind: number, bytes: Buffer];

/** Makes a PE file with one section `name` that holds these objects as grub-mkimage places them. */
export function makeEfiLoader(objects: readonly GrubObject[], name = 'mods'): Buffer {
  const head = Buffer.alloc(512);
  head.write('MZ');
  head.writeUInt32LE(0x80, 0x3c);
  head.write('PE\0\0', 0x80);
  head.writeUInt16LE(1, 0x86);
  head.writeUInt16LE(0, 0x94);
  const bodies = objects.map(([kind, bytes]) => {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(kind, 0);
    header.writeUInt32LE(8 + bytes.length, 4);
    return Buffer.concat([header, bytes]);
  });
  const info = Buffer.alloc(24);
  const size = bodies.reduce((sum, { length }) => sum + length, info.length);
  info.write('mimg');
  info.writeBigUInt64LE(24n, 8);
  info.writeBigUInt64LE(BigInt(size), 16);
  head.write(name, 0x98);
  head.writeUInt32LE(size, 0xa8);
  head.writeUInt32LE(head.length, 0xac);
  return Buffer.concat([head, info, ...bodies]);
}
