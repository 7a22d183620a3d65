// SPDX-License-Identifier: Apache-2.0
import { expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { buildUefiStub } from '../../boot/rebuild-uefi-stub.mjs';
import { UEFI_STUB } from './stub.js';

itWith(['as', 'ld'], 'the sources of the stub assemble to the bytes that ship', () => {
  const again = Buffer.compare(buildUefiStub(), UEFI_STUB);
  expect(again, 'run "node boot/rebuild-uefi-stub.mjs" in packages/linux-image').toBe(0);
});
