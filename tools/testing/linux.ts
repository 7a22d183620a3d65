// SPDX-License-Identifier: Apache-2.0
/** The smallest file that every reader takes for a kernel of Linux with a UEFI stub, and initramfs archives. */
import { peProgram } from './pe.js';

/** Makes a bzImage for x86-64 of boot protocol 2.15 that is a program for UEFI as well, which does `code`. */
export function linuxKernel(version = '6.1.0-test (builder) #1', code?: Uint8Array): Buffer {
  const bytes = peProgram(code ? { code } : {});
  const setupSectors = 7;
  bytes[0x1f1] = setupSectors;
  bytes.writeUInt32LE((bytes.length - (setupSectors + 1) * 512) / 16, 0x1f4);
  bytes.writeUInt16LE(0xaa55, 0x1fe);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(0x020f, 0x206);
  bytes.writeUInt16LE(0x600, 0x20e);
  bytes[0x211] = 1;
  bytes[0x234] = 1;
  bytes.writeUInt16LE(0x3f, 0x236);
  // What a BIOS loader asks: how high an initramfs may lie, the command line, where the kernel wants to be, what it needs there.
  bytes.writeUInt32LE(0x7fffffff, 0x22c);
  bytes.writeUInt32LE(2047, 0x238);
  bytes.writeBigUInt64LE(0x1000000n, 0x258);
  bytes.writeUInt32LE(0x2000000, 0x260);
  bytes.write(`${version}\0`, 0x800, 'latin1');
  return bytes;
}

/** A file of an initramfs: a program or text, or a folder or device without content. */
export interface InitramfsFile {
  readonly path: string;
  /** Type and permissions, as in `st_mode`. */
  readonly mode: number;
  readonly content?: Uint8Array;
  readonly device?: readonly [major: number, minor: number];
}

/** Makes a cpio archive in the format newc. */
export function initramfs(files: readonly InitramfsFile[]): Buffer {
  const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const entries = [...files, { path: 'TRAILER!!!', mode: 0 } satisfies InitramfsFile].map(
    ({ path, mode, content = new Uint8Array(), device = [0, 0] }: InitramfsFile, index) => {
      const fields = [index, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, path.length + 1, 0];
      const hex = fields.map((value) => value.toString(16).padStart(8, '0')).join('');
      return Buffer.concat([padded(Buffer.from(`070701${hex}${path}\0`, 'latin1')), padded(content)]);
    },
  );
  return Buffer.concat(entries);
}
