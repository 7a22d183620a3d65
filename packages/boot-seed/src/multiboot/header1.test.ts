// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { findMultiboot1 } from './header1.js';

const withHeader = (length: number, offset: number, flags: number, off = 0) => {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(offset, 0x1badb002, true);
  view.setUint32(offset + 4, flags, true);
  view.setUint32(offset + 8, -(0x1badb002 + flags) + off, true);
  return bytes;
};

it('the Multiboot 1 header of the seed is found, and asks for nothing', () => {
  expect(findMultiboot1(PREBUILT_PARTS.kernel)).toMatchObject({ flags: 0 });
});

it('a Multiboot 1 header is found up to the last place it may have', () => {
  expect(findMultiboot1(withHeader(8192, 8180, 0x10003))).toEqual({ offset: 8180, flags: 0x10003 });
});

it('no Multiboot 1 header is found that is cut off, summed up wrongly, too far in, or off its alignment', () => {
  expect(findMultiboot1(withHeader(16384, 8184, 0))).toBeUndefined();
  expect(findMultiboot1(withHeader(64, 0, 0, 1))).toBeUndefined();
  expect(findMultiboot1(withHeader(64, 2, 0))).toBeUndefined();
  for (let length = 0; length < 12; length++) {
    expect(findMultiboot1(withHeader(64, 0, 0).subarray(0, length))).toBeUndefined();
  }
});
