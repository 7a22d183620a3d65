// SPDX-License-Identifier: Apache-2.0
import uefiStub from '../../boot/prebuilt/uefi-stub.bin';

/** What a unified kernel image begins with: a program of PE32+ for UEFI, to which the sections are added. */
export const UEFI_STUB: Uint8Array = uefiStub;
