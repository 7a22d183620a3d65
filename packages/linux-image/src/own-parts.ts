// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import helper from '../boot/prebuilt/helper.elf';
import { BIOS_PARTS } from './loader/parts.js';
import { UEFI_STUB } from './stub/stub.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Returns the SHA-256 of each part that this version puts into images, as it is assembled, in lower-case hexadecimal. */
export const ownParts = () => ({
  stub: sha256(UEFI_STUB),
  masterBoot: sha256(BIOS_PARTS.masterBoot),
  biosLoader: sha256(BIOS_PARTS.biosLoader),
  helper: sha256(helper),
});
