// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { booted, measured } from '../test/observation.js';
import { assertRefused, type BootObservation, isRefusalLine } from './index.js';

/** What OVMF of Debian 12 writes about an unsigned loader on a CD, a USB stick, a virtio disk. */
const REFUSED = [
  'BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00011 " from PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x5,0xFFFF,0x0): Access Denied',
  'BdsDxe: failed to load Boot0001 "UEFI QEMU QEMU USB HARDDRIVE 1-0000:00:02.0-1" from PciRoot(0x0)/Pci(0x2,0x0)/USB(0x0,0x0): Access Denied',
  'BdsDxe: failed to load Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x2,0x0): Access Denied',
];
const [line = ''] = REFUSED;
const FV = 'Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)/FvFile(7C04A583-9E3E-4F1C-AD65-E05268D0B4D1)';

describe('isRefusalLine', () => {
  it.each(REFUSED)('takes %s', (text) => expect(isRefusalLine(text)).toBe(true));

  it.each([
    ['an empty drive', line.replace('Access Denied', 'Not Found')],
    ['a loader that ran and gave up', line.replace('to load', 'to start')],
    [
      'the shell of the firmware',
      `BdsDxe: failed to load Boot0002 "EFI Internal Shell" from ${FV}: Access Denied`,
    ],
    ['more text after it', `${line} (not really)`],
    ['text before it', `echo ${line}`],
    ['nothing bootable', 'BdsDxe: No bootable option or device was found.'],
  ])('does not take %s', (_, text) => expect(isRefusalLine(text)).toBe(false));
});

const refused: BootObservation = {
  ...booted,
  end: { kind: 'stopped', line },
  serialLines: ['BdsDxe: loading Boot0001', line],
};
const expected = { neverStarted: ['LOADER', 'SEED_OK'] };

describe('assertRefused', () => {
  it('is content with a refusal', () => expect(() => assertRefused(refused, expected)).not.toThrow());

  it.each<[string, Partial<BootObservation>, RegExp]>([
    ['time ran out', { end: { kind: 'timeout', timeoutMs: 1000 } }, /did not end within 1 s, expected UEFI/],
    ['the guest ended', { end: { kind: 'exit', code: 33 } }, /exit code 33, expected UEFI/],
    [
      'it was stopped elsewhere',
      { end: { kind: 'stopped', line: 'SEED_OK' } },
      /at the line SEED_OK, expected/,
    ],
    ['it was v86', { qemu: undefined }, /expected UEFI firmware to refuse/],
    [
      'SeaBIOS started it',
      {
        qemu: booted.qemu && {
          ...booted.qemu,
          firmware: { kind: 'seabios' },
          firmwareAfter: { kind: 'seabios' },
        },
      },
      /expected UEFI firmware to refuse/,
    ],
    [
      'the loader ran before',
      { serialLines: ['LOADER uefi', line] },
      /ran all the same, and wrote LOADER uefi/,
    ],
    ['the seed ran after', { serialLines: [line, 'SEED_OK'] }, /ran all the same, and wrote SEED_OK/],
  ])('is not when %s', (_, changes, message) => {
    expect(() => assertRefused({ ...refused, ...changes }, expected)).toThrow(
      expect.objectContaining({
        code: 'not-refused',
        kind: 'unfulfilled',
        message: expect.stringMatching(message),
      }),
    );
  });

  it('is not when the image changed', () => {
    const changed = { ...refused, imageAfter: measured('/images/seed.iso', 'd') };
    expect(() => assertRefused(changed, expected)).toThrow(
      expect.objectContaining({ code: 'image-changed' }),
    );
  });
});
