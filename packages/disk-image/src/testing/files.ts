// SPDX-License-Identifier: Apache-2.0
/** The smallest kernels, programs and archives that are what they say. */

/** A kernel of Linux for x86: boot protocol 2.15, 64 bits. */
export function bzImage(version = '6.1.0'): Buffer {
  const setup = 4;
  const payload = 4096;
  const bytes = Buffer.alloc((setup + 1) * 512 + payload);
  bytes[0x1f1] = setup;
  bytes.writeUInt32LE(payload / 16, 0x1f4);
  bytes.writeUInt16LE(0xaa55, 0x1fe);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(0x020f, 0x206);
  bytes.writeUInt16LE(0x400, 0x20e);
  bytes.writeUInt16LE(1, 0x236);
  bytes.write(`${version}\0`, 0x600, 'latin1');
  return bytes;
}

interface PeOptions {
  readonly machine?: number;
  readonly signed?: boolean;
  readonly sections?: Readonly<Record<string, Uint8Array>>;
}

/** A program for UEFI, of PE32+. */
export function pe({ machine = 0x8664, signed = false, sections = {} }: PeOptions = {}): Buffer {
  const header = Buffer.alloc(1024);
  header.write('MZ', 0, 'latin1');
  header.writeUInt32LE(64, 60);
  header.write('PE\0\0', 64, 'latin1');
  header.writeUInt16LE(machine, 68);
  const names = Object.entries(sections);
  header.writeUInt16LE(names.length, 70);
  header.writeUInt16LE(240, 84);
  header.writeUInt16LE(0x20b, 88);
  header.writeUInt16LE(10, 88 + 68);
  header.writeUInt32LE(16, 88 + 108);
  const parts: Buffer[] = [header];
  let end = header.length;
  names.forEach(([name, content], index) => {
    const at = 88 + 240 + 40 * index;
    const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    padded.set(content);
    header.write(name, at, 8, 'latin1');
    header.writeUInt32LE(content.length, at + 8);
    header.writeUInt32LE(padded.length, at + 16);
    header.writeUInt32LE(end, at + 20);
    parts.push(padded);
    end += padded.length;
  });
  if (signed) {
    header.writeUInt32LE(end, 88 + 112 + 32);
    header.writeUInt32LE(16, 88 + 112 + 36);
    const table = Buffer.alloc(16);
    table.writeUInt32LE(16, 0);
    table.writeUInt32LE(0x0002_0200, 4);
    parts.push(table);
  }
  return Buffer.concat(parts);
}

/** A 32-bit executable for x86, with a Multiboot header where one is wanted. */
export function elf({ multiboot }: { readonly multiboot?: 1 | 2 }): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.write('\x7fELF\x01\x01\x01', 0, 'latin1');
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(3, 18);
  bytes.writeUInt32LE(52, 28);
  bytes.writeUInt16LE(32, 42);
  bytes.writeUInt16LE(1, 44);
  bytes.writeUInt32LE(256, 52 + 16);
  const words =
    multiboot === 1
      ? [0x1badb002, 3, -(0x1badb002 + 3) >>> 0]
      : [0xe85250d6, 0, 16, -(0xe85250d6 + 16) >>> 0];
  if (multiboot) for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, 128 + 4 * index);
  return bytes;
}

/** A cpio archive in the format newc. */
export function cpio(files: Readonly<Record<string, Uint8Array>>): Buffer {
  const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const entry = (name: string, content: Uint8Array) => {
    const hex = (value: number) => value.toString(16).padStart(8, '0');
    const fields = [0, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
    const header = `070701${fields.map(hex).join('')}${name}\0`;
    return Buffer.concat([padded(Buffer.from(header, 'latin1')), padded(content)]);
  };
  const entries = Object.entries(files).map(([name, content]) => entry(name, content));
  return Buffer.concat([...entries, entry('TRAILER!!!', new Uint8Array())]);
}

/** A tar archive of one empty file. */
export function tar(name: string): Buffer {
  const bytes = Buffer.alloc(10_240);
  bytes.write(name, 0, 'latin1');
  bytes.write('0000644\x000000000\x000000000\x0000000000000\x0000000000000\0        0', 100, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}
