// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { isRefusalLine } from './index.js';

/** What OVMF of Debian 12 writes about an unsigned loader on a CD, a USB stick, a virtio disk. */
const REFUSED = [
  'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00011 " from PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x5,0xFFFF,0x0): Access Denied',
  'BdsDxe: failed to load Boot0001 "UEFI QEMU QEMU USB HARDDRIVE 1-0000:00:02.0-1" from PciRoot(0x0)/Pci(0x2,0x0)/USB(0x0,0x0): Access Denied',
  'BdsDxe: failed to load Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x2,0x0): Access Denied',
];
const [line = ''] = REFUSED;
const FV = 'Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)/FvFile(7C04A583-9E3E-4F1C-AD65-E05268D0B4D1)';

describe('isRefusalLine', () => {
  it.each(REFUSED)('the line %s is a refusal', (text) => expect(isRefusalLine(text)).toBe(true));

  it.each([
    ['an empty drive', line.replace('Access Denied', 'Not Found')],
    ['a loader that ran and gave up', line.replace('to load', 'to start')],
    [
      'the shell of the firmware',
      `BdsDxe: failed to load Boot0002 "EFI Internal Shell" from ${FV}: Access Denied`,
    ],
    ['a refusal with more text after it', `${line} (not really)`],
    ['a refusal with text before it', `echo ${line}`],
    ['a refusal with a control character in it', line.replace('DVD', 'DVD\u009b')],
    ['nothing bootable', 'BdsDxe: No bootable option or device was found.'],
  ])('the text of %s is no refusal line', (_, text) => expect(isRefusalLine(text)).toBe(false));
});
