// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { bytesSource, layoutSource, readBytes } from '@latticra/disk-image';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initramfs } from '../../../../tools/testing/linux.js';
import { peProgram, sumPe } from '../../../../tools/testing/pe.js';
import { UEFI_STUB } from '../stub/stub.js';
import {
  refused,
  SAMPLE,
  SAMPLE_INITRD,
  SAMPLE_KERNEL,
  SAMPLE_OPTIONS,
  SAMPLE_PLACES,
  SAMPLE_SECTIONS,
} from '../testing/uki.js';
import { planUki, type UkiOptions } from './plan.js';
import { readUki } from './read.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('planUki', () => {
  it('what was planned is read back, and planning what was read gives the same bytes', () => {
    const commandLines = fc.string({ minLength: 1, maxLength: 200 });
    const releases = fc.array(fc.stringMatching(/^[A-Z_]{1,9}=[a-zé"' ]{0,20}$/), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        commandLines,
        releases,
        fc.uint8Array({ maxLength: 9000 }),
        (commandLine, lines, content) => {
          const text = `${lines.join('\n')}\n`;
          const archive = initramfs([{ path: 'init', mode: 0o100755, content }]);
          const given = { ...SAMPLE_OPTIONS, commandLine, osRelease: text, initrd: bytesSource(archive) };
          const { layout, ...facts } = planUki(given);
          const source = layoutSource(layout);
          const found = readUki(source);
          expect(found).toEqual({ ...facts, stubIsOurs: true, signatures: 0 });
          expect(found).toMatchObject({
            size: layout.size,
            commandLine,
            osRelease: text,
            kernelVersion: '6.1.0-test',
            kernel: { size: SAMPLE_KERNEL.length, sha256: sha256(SAMPLE_KERNEL) },
            initrd: { size: archive.length, sha256: sha256(archive) },
            stubSha256: sha256(UEFI_STUB),
          });
          const part = ({ offset, size }: { offset: number; size: number }) =>
            bytesSource(readBytes(source, offset, size));
          const again = planUki({ ...found, kernel: part(found.kernel), initrd: part(found.initrd) });
          expect(
            Buffer.compare(
              readBytes(layoutSource(again.layout), 0, again.size),
              readBytes(source, 0, source.size),
            ),
          ).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('sections stand in the order of systemd, each at the beginning of a page, and their ends are zeros', () => {
    expect(SAMPLE_SECTIONS.map(({ name }) => name)).toEqual([
      ...['.text', '.data', '.reloc', '.osrel', '.cmdline', '.uname', '.linux', '.initrd'],
    ]);
    for (const { offset, address, size, rawSize } of SAMPLE_SECTIONS) {
      expect([offset % 4096, rawSize % 4096, address]).toEqual([0, 0, offset]);
      expect(SAMPLE.subarray(offset + size, offset + rawSize).every((byte) => byte === 0)).toBe(true);
    }
    expect(SAMPLE.length % 8).toBe(0);
    expect(sumPe(SAMPLE, SAMPLE_PLACES.checksum)).toBe(SAMPLE.readUInt32LE(SAMPLE_PLACES.checksum));
  });

  it('kernel and initramfs are read a mebibyte at a time at most', () => {
    const archive = initramfs([{ path: 'init', mode: 0o100755, content: Buffer.alloc(3 << 20) }]);
    let longest = 0;
    const source = bytesSource(archive);
    const watched = {
      size: source.size,
      readInto(into: Uint8Array, offset: number) {
        longest = Math.max(longest, into.length);
        source.readInto(into, offset);
      },
    };
    planUki({ ...SAMPLE_OPTIONS, initrd: watched });
    expect(longest).toBe(1 << 20);
  });

  const number = (at: number, value: number) => {
    const copy = Buffer.from(SAMPLE_KERNEL);
    copy.writeUInt16LE(value, at);
    return bytesSource(copy);
  };
  const text = bytesSource(Buffer.from('some text\n'));
  it.each<[string, Partial<UkiOptions>, string, RegExp]>([
    ['no command line', { commandLine: '' }, 'bad-command-line', /is empty/],
    ['a long command line', { commandLine: 'a'.repeat(2048) }, 'bad-command-line', /2048 characters/],
    ['a command line of two lines', { commandLine: 'a\nb' }, 'bad-command-line', /U\+000a at 1/],
    ['a command line beyond ASCII', { commandLine: 'root=é' }, 'bad-command-line', /U\+00e9 at 5/],
    ['no os-release', { osRelease: '' }, 'bad-os-release', /end its last line/],
    ['an os-release cut short', { osRelease: 'ID=a' }, 'bad-os-release', /end its last line/],
    ['an os-release of prose', { osRelease: 'ID=a\nsome words\n' }, 'bad-os-release', /line 2/],
    [
      'an os-release with a NUL',
      { osRelease: 'ID=a\0\n' },
      'bad-os-release',
      /invisible character on line 1/,
    ],
    ['a torn character', { osRelease: 'ID=\ud800\n' }, 'bad-os-release', /UTF-8/],
    ['a long os-release', { osRelease: `ID=${'a'.repeat(70_000)}\n` }, 'bad-os-release', /65536 bytes/],
    ['a text as kernel', { kernel: text }, 'kernel-not-bzimage', /is text/],
    [
      'a program as kernel',
      { kernel: bytesSource(peProgram()) },
      'kernel-not-bzimage',
      /expected a bzImage of Linux/,
    ],
    ['a kernel of 32 bits', { kernel: number(0x236, 0) }, 'kernel-other-architecture', /32 bits/],
    [
      'a kernel without a UEFI stub',
      { kernel: number(0, 0x1234) },
      'kernel-no-efi-stub',
      /no program for UEFI/,
    ],
    [
      'a kernel that is a driver',
      { kernel: number(0x58 + 68, 11) },
      'kernel-no-efi-stub',
      /no program for UEFI/,
    ],
    ['a kernel without a version', { kernel: number(0x20e, 0) }, 'kernel-no-version', /version reads/],
    [
      'a kernel whose program is damaged',
      { kernel: number(0x58 + 16, 0) },
      'kernel-no-efi-stub',
      /no program for UEFI/,
    ],
    [
      'a kernel cut short',
      { kernel: bytesSource(SAMPLE_KERNEL.subarray(0, 5000)) },
      'kernel-bad-header',
      /ends at byte|truncated/,
    ],
    ['a text as initramfs', { initrd: text }, 'unfit-initrd', /found text/],
    ['an empty initramfs', { initrd: bytesSource(new Uint8Array()) }, 'unfit-initrd', /found/],
    ['an initramfs above 2 GiB', { initrd: sparse(SAMPLE_INITRD, 2 ** 31) }, 'uki-too-large', /2 GiB/],
  ])('%s is refused', (_, given, code, message) => {
    expect(() => planUki({ ...SAMPLE_OPTIONS, ...given })).toThrow(refused(code, message));
  });
});

/** A source that begins with these bytes and is zeros up to its size. */
const sparse = (bytes: Uint8Array, size: number) => ({
  size,
  readInto(into: Uint8Array, offset: number) {
    into.fill(0);
    if (offset < bytes.length) into.set(bytes.subarray(offset, offset + into.length));
  },
});
