// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { bytesSource } from '@latticra/disk-image';
import { authenticodeDigest, openPe } from '@latticra/disk-image/pe';
import { expect, it } from 'vitest';
import { STUB_ERRORS } from './errors.js';
import { UEFI_STUB } from './stub.js';

const EXECUTE = 0x2000_0000;
const WRITE = 0x8000_0000;
const NX_COMPAT = 0x100;

it('the stub is an application for UEFI, without gaps, and nothing in it can be written and run', () => {
  const source = bytesSource(UEFI_STUB);
  const stub = openPe(source);
  expect(stub).toMatchObject({ subsystem: 10, sectionAlignment: 4096, fileAlignment: 4096, checksum: 0 });
  expect(stub.dllCharacteristics & NX_COMPAT).toBe(NX_COMPAT);
  for (const { flags } of stub.sections) expect(flags & EXECUTE && flags & WRITE).toBe(0);
  expect(() => authenticodeDigest(source, stub)).not.toThrow();
  expect(stub.imageSize).toBe(UEFI_STUB.length);
});

it('the source declares exactly the errors that are documented', () => {
  const source = readFileSync(new URL('../../boot/uefi-stub.S', import.meta.url), 'utf8');
  const declared = [...source.matchAll(/^\s+error\s+\w+, (0x[0-9a-f]+), "(.*)"$/gm)].map(
    ([, value, text]) => ({
      value: Number(value),
      text,
    }),
  );
  expect(declared).toEqual(STUB_ERRORS);
});
