// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../layout/source.js';
import { cpio } from '../testing/files.js';
import { inspect, requireInitramfs } from './index.js';

const XZ_END = [...Buffer.alloc(10), ...Buffer.from('YZ')];
const archive = cpio({ init: Buffer.alloc(3) });
const facts = (...parts: readonly (Uint8Array | readonly number[])[]) =>
  requireInitramfs(inspect(bytesSource(Buffer.concat(parts.map((part) => Uint8Array.from(part))))));

describe('what Linux does not unpack', () => {
  it.each([
    ['xz with CRC64', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4], /^xz data with the check CRC64, not CRC32/],
    ['xz with SHA-256', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 10], /^xz data with the check SHA-256/],
    ['lz4 in frames', [4, 0x22, 0x4d, 0x18], /^lz4 data in frames, not in the legacy format/],
    ['lzip', [...Buffer.from('LZIP'), 1], /^lzip data/],
    ['compress', [0x1f, 0x9d, 0x90], /^compress data/],
  ])('%s is told, alone and behind an archive', (_, bytes, reason) => {
    expect(facts(bytes, XZ_END)).toMatchObject({ obstacle: expect.stringMatching(reason) });
    const joined = [{ obstacle: undefined }, { obstacle: expect.stringMatching(reason) }];
    expect(facts(archive, bytes, XZ_END)).toMatchObject({ segments: joined });
  });

  it('gzip with fields other than a name is told', () => {
    const packed = gzipSync(archive);
    const withField = (flags: number, field: readonly number[]) =>
      facts(packed.subarray(0, 10).with(3, flags), field, packed.subarray(10));
    expect(withField(0x08, [110, 0])).toMatchObject({ content: 'cpio', obstacle: undefined });
    expect(withField(0x04, [2, 0, 1, 1])).toMatchObject({
      content: 'cpio',
      obstacle: 'gzip data with more in its header than a name; gzip -n makes it without',
    });
  });

  it('a frame of zstd that is skipped is told', () => {
    expect(facts([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], ZSTD)).toMatchObject({
      obstacle: expect.stringMatching(/^zstd data that begins with a frame to be skipped/),
    });
  });

  it('what it does unpack has no obstacle', () => {
    expect(facts([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 1], XZ_END)).toMatchObject({ obstacle: undefined });
    expect(facts([2, 0x21, 0x4c, 0x18], XZ_END)).toMatchObject({ obstacle: undefined });
    expect(facts(ZSTD)).toMatchObject({ obstacle: undefined });
    expect(facts(archive)).toMatchObject({ segments: [{ obstacle: undefined }] });
  });
});

/** A frame of two raw blocks of two bytes and one byte, of a known size, with a checksum. */
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd, 0x24, 3, 0x10, 0, 0, 1, 2, 0x09, 0, 0, 3, 9, 9, 9, 9];

describe('compressed data that is not all there', () => {
  const problem = (bytes: readonly number[]) =>
    inspect(bytesSource(Uint8Array.from(bytes))).problems[0]?.code;

  it('a frame of zstd is cut off, wherever that is', () => {
    expect(problem(ZSTD)).toBeUndefined();
    for (let size = 5; size < ZSTD.length; size++)
      expect(problem(ZSTD.slice(0, size)), `${size}`).toBe('truncated');
    expect(problem(ZSTD.with(6, 0x16))).toBe('corrupt');
  });

  it('xz data without its footer is cut off, and not where an archive was put behind it', () => {
    const xz = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 1];
    expect(problem([...xz, 1, 2, 3, 4])).toBe('truncated');
    expect(problem([...xz, ...XZ_END, 0, 0, ...archive])).toBeUndefined();
  });
});
