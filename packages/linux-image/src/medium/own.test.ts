// SPDX-License-Identifier: Apache-2.0
import { bytesSource, layoutSource } from '@latticra/disk-image';
import { openIso } from '@latticra/disk-image/iso9660';
import { openPe } from '@latticra/disk-image/pe';
import { describe, expect, it } from 'vitest';
import { BOOT_ISO } from '../../../../tools/testing/images.js';
import { sumPe } from '../../../../tools/testing/pe.js';
import { planDisk } from '../image/disk.js';
import { planLinuxIso } from '../image/iso.js';
import { BIOS_PARTS } from '../loader/parts.js';
import { UEFI_STUB } from '../stub/stub.js';
import { bytesOf, SAMPLE, SAMPLE_DIGEST, SAMPLE_KERNEL, SAMPLE_OPTIONS, sign } from '../testing/uki.js';
import { planUki } from '../uki/plan.js';
import { isOwnLinuxLoader } from './own.js';

const PLANNED = planUki(SAMPLE_OPTIONS);
const ROOT = bytesSource(Buffer.alloc(8192, 'a root'));
const FORMATS = ['iso', 'disk'] as const;
type Format = (typeof FORMATS)[number];

function build(format: Format, uki: Uint8Array = SAMPLE, root: typeof ROOT | undefined = ROOT): Buffer {
  const plan = format === 'iso' ? planLinuxIso : planDisk;
  return bytesOf(plan({ uki: { ...PLANNED, source: bytesSource(uki) }, root, epoch: 1 }));
}
const isOwn = (image: Uint8Array, format: Format) => isOwnLinuxLoader(bytesSource(image), format);

/** Returns a copy with bytes that begin at `at` replaced. */
function changed(image: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(image);
  copy.set(bytes, at);
  return copy;
}

/** Where each part of ours lies in an image, with what a builder fills in left out. */
function parts(image: Buffer): readonly [name: string, at: number, size: number][] {
  const loader = image.indexOf(BIOS_PARTS.biosLoader.subarray(0, 64));
  const uki = image.indexOf(UEFI_STUB.subarray(0, 64));
  const code = openPe(bytesSource(SAMPLE)).sections.find(({ name }) => name === '.text');
  return [
    ['master boot code', 0, image.indexOf('LATTICRA_MBR_LBA') + 24],
    ['BIOS loader', loader, 64],
    ['BIOS loader', loader + 64 + 16 + 24, image.indexOf('LATTICRA_CMDLINE', loader) - loader - 104],
    ['UEFI stub', uki + (code?.offset ?? 0), code?.size ?? 0],
  ];
}

describe.each(FORMATS)('the loaders in an image (%s)', (format) => {
  it('the loaders that we write are ours, with a root and without, signed and unsigned', () => {
    for (const uki of [SAMPLE, sign(SAMPLE, SAMPLE_DIGEST)]) {
      for (const root of [ROOT, undefined]) expect(isOwn(build(format, uki, root), format)).toBe(true);
    }
  });

  it('one changed byte of any of them makes them foreign', () => {
    const image = build(format);
    for (const [name, at, size] of parts(image)) {
      expect(size, name).toBeGreaterThan(40);
      for (let each = at; each < at + size; each += 41) {
        const other = changed(image, each, (image[each] ?? 0) ^ 1);
        expect(isOwn(other, format), `${name} at ${each}`).toBe(false);
      }
    }
  });

  it('a stub of somebody with a right check sum is foreign', () => {
    const bytes = Buffer.from(SAMPLE);
    const { places, sections } = openPe(bytesSource(SAMPLE));
    const at = (sections[0]?.offset ?? 0) + 300;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    bytes.writeUInt32LE(sumPe(bytes, places.checksum), places.checksum);
    expect(isOwn(build(format, bytes), format)).toBe(false);
  });

  it('a BIOS loader that was told another kernel, initramfs or command line than the stub is foreign', () => {
    const image = build(format);
    const slot = image.indexOf('LATTICRA_BIOSLNX') + 16;
    for (const field of [8, 12, 16, 20]) {
      const one = Buffer.from(image);
      one.writeUInt32LE(image.readUInt32LE(slot + field) + 1, slot + field);
      expect(isOwn(one, format), `field ${field}`).toBe(false);
    }
    const text = image.indexOf('LATTICRA_CMDLINE') + 16;
    expect(isOwn(changed(image, text, 0x20), format)).toBe(false);
    expect(isOwn(changed(image, slot + 8, 0xff, 0xff, 0xff, 0xff), format)).toBe(false);
  });

  it('a kernel of anybody leaves the loaders ours, wherever they are told the same', () => {
    const kernel = Buffer.from(SAMPLE_KERNEL);
    kernel[kernel.length - 1] = 0x77;
    const { layout, ...facts } = planUki({ ...SAMPLE_OPTIONS, kernel: bytesSource(kernel) });
    const plan = format === 'iso' ? planLinuxIso : planDisk;
    const uki = { ...facts, source: layoutSource(layout) };
    expect(isOwn(bytesOf(plan({ uki, root: undefined, epoch: 1 })), format)).toBe(true);
  });
});

it('an ISO that lies on a stick has our loaders, and a disk is no ISO', () => {
  expect(isOwn(build('iso'), 'disk')).toBe(true);
  expect(isOwn(build('disk'), 'iso')).toBe(false);
});

it('an ISO whose boot catalog starts something else, or asks for emulation, is foreign', () => {
  const image = build('iso');
  const catalog = image.readUInt32LE(17 * 2048 + 0x47) * 2048;
  expect(openIso(bytesSource(image)).boot).toHaveLength(2);
  expect(isOwn(changed(image, catalog + 32 + 8 + 3, 1), 'iso')).toBe(false);
  expect(isOwn(changed(image, catalog + 32 + 1, 4), 'iso')).toBe(false);
});

it('images of others have none of our loaders, nor have bytes that are no image', () => {
  for (const format of FORMATS) {
    for (const bytes of [BOOT_ISO, SAMPLE, new Uint8Array(1 << 20), new Uint8Array()]) {
      expect(isOwn(bytes, format)).toBe(false);
    }
  }
});
