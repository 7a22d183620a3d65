// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { multibootGuest } from '../../../../tools/testing/guest.js';
import { assertLoadable, loadProblem } from './loadable.js';

const GUEST = multibootGuest('\r\nHELLO\r\n');
/** Places in it: its one program header, and its Multiboot header. */
const [PROGRAM, HEADER] = [52, 84];

/** Returns the guest with 32-bit words changed. */
function altered(words: Readonly<Record<number, number>>, kernel = GUEST): Uint8Array {
  const copy = Uint8Array.from(kernel);
  const view = new DataView(copy.buffer);
  for (const [at, value] of Object.entries(words)) view.setUint32(Number(at), value, true);
  return copy;
}

/** Returns the guest with a header that has these flags, and a sum that fits. */
const flagged = (flags: number) =>
  altered({ [HEADER + 4]: flags, [HEADER + 8]: -(0x1badb002 + flags) >>> 0 });

/** Returns a kernel without ELF whose header says where it goes. */
function flat(addresses: readonly [number, number, number, number, number]): Uint8Array {
  const kernel = new Uint8Array(4096);
  const flags = 1 << 16;
  const words = [0x1badb002, flags, -(0x1badb002 + flags) >>> 0, ...addresses];
  return altered(Object.fromEntries(words.map((word, index) => [4 * index, word])), kernel);
}

it('a kernel that v86 loads has nothing in the way', () => {
  expect(loadProblem(GUEST)).toBeUndefined();
  expect(loadProblem(flagged(3))).toBeUndefined();
  expect(loadProblem(flat([0x100000, 0x100000, 0, 0, 0x100020]))).toBeUndefined();
  expect(loadProblem(flat([0x100000, 0x100000, 0x101000, 0x200000, 0x100020]))).toBeUndefined();
});

it.each<[string, Uint8Array, RegExp]>([
  ['no header', new Uint8Array(20_000), /no Multiboot 1 header/],
  ['nothing', new Uint8Array(), /no Multiboot 1 header/],
  ['a header with a wrong sum', altered({ [HEADER + 8]: 1 }), /no Multiboot 1 header/],
  ['a wish for a video mode', flagged(4), /by flags 0x4/],
  ['an unknown wish', flagged(0x8000), /by flags 0x8000/],
  ['64 bits', altered({ 4: 0x0101_0102 }), /class 2, expected 1/],
  ['big-endian bytes', altered({ 4: 0x0101_0201 }), /byte order 2/],
  ['another machine', altered({ 16: 0x0008_0002 }), /machine 8, expected 3/],
  ['another type', altered({ 16: 0x0003_0003 }), /type 3, expected 2/],
  ['program headers past its end', altered({ 28: 0xffff_fff0 }), /1 program headers at 4294967280 pass/],
  ['65535 program headers', altered({ 44: 0x0028_ffff }), /65535 program headers at 52 pass/],
  ['section headers past its end', altered({ 32: 0x7fff_ffff }), /0 section headers at 2147483647 pass/],
  ['a segment that begins past its end', altered({ [PROGRAM + 4]: 0xffff }), /names \d+ bytes at 65535/],
  ['a segment that is longer than it', altered({ [PROGRAM + 16]: 0x8000_0000 }), /names 2147483648 bytes/],
  ['a segment with less memory than bytes', altered({ [PROGRAM + 20]: 1 }), /bytes for 1 in memory/],
  ['a segment in low memory', altered({ [PROGRAM + 12]: 0x7c00 }), /goes to 0x7c00/],
  ['a segment past 64 MiB', altered({ [PROGRAM + 12]: 0x8000_0000 }), /goes to 0x80000000/],
  ['a segment that reaches past 64 MiB', altered({ [PROGRAM + 20]: 0xffff_ffff }), /4294967295 bytes, not/],
  ['an entry elsewhere', altered({ 24: 0x10 }), /entry 0x10 lies in nothing/],
  ['no segment', altered({ [PROGRAM]: 0 }), /entry 0x\w+ lies in nothing/],
  ['addresses that are cut off', flat([0, 0, 0, 0, 0]).subarray(0, 16), /lacks the addresses/],
  ['a header before the file', flat([0x200000, 0x100000, 0, 0, 0x100020]), /bytes at -1048576/],
  ['an end before its start', flat([0x100000, 0x100000, 1, 0, 0x100020]), /names -\d+ bytes/],
  ['addresses past 64 MiB', flat([0x4000000, 0x4000000, 0, 0, 0x4000020]), /goes to 0x4000000/],
  ['neither ELF nor addresses', altered({ 0: 0 }), /magic 0, expected/],
])('a kernel with %s is refused', (_, kernel, reason) => {
  expect(loadProblem(kernel)).toMatch(reason);
  expect(() => assertLoadable('x.iso', kernel)).toThrow(
    expect.objectContaining({
      code: 'no-kernel',
      message: expect.stringMatching(/^x\.iso: v86 cannot load/),
    }),
  );
});

it('any bytes in the headers are loaded or refused, and never an error of another kind', () => {
  const change = fc.tuple(fc.nat(HEADER + 11), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(GUEST.length), (changes, cut) => {
      const kernel = Uint8Array.from(GUEST);
      for (const [at, value] of changes) kernel[at] = value;
      for (const some of [kernel, kernel.subarray(0, cut)]) {
        expect([undefined, 'string']).toContain(loadProblem(some) && typeof loadProblem(some));
      }
    }),
  );
});
