// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource, layoutSource, readBytes } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';
import {
  createGptDisk,
  GPT_TYPE,
  type GptPartitionPlan,
  UUID_NAMESPACE,
  uuidV5,
} from '@latticra/disk-image/gpt';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { createBiosLoader, createMasterBoot } from '@latticra/linux-image';
import { describe, expect, it } from 'vitest';
import { BOOT_ISO, PLAIN_ISO } from '../../../../tools/testing/images.js';
import { rangeOf, readMedium } from './medium.js';

const MIB = 1 << 20;
const UKI = bytesSource(Buffer.alloc(5000, 'a unified kernel image'));
const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);

const volume = (path: string) =>
  createFat({ size: 256 << 10, volumeId: 1, timestamp: 0, label: 'ESP', files: [{ path, content: UKI }] })
    .layout;

const loader = (place: number) =>
  createBiosLoader(
    {
      loader: place,
      kernel: { offset: 3 * MIB, size: 512 },
      initramfs: { offset: 4 * MIB, size: 512 },
      commandLine: 'quiet',
    },
    512,
  );

const part = (typeGuid: string, name: string, content: GptPartitionPlan['content']): GptPartitionPlan => ({
  typeGuid,
  uniqueGuid: guid(name),
  name,
  ...(content !== undefined && { content }),
});
const BIOS = part(GPT_TYPE.biosBoot, 'loader', bytesSource(loader(MIB)));
const ESP = part(GPT_TYPE.efiSystem, 'esp', volume('EFI/BOOT/BOOTX64.EFI'));
const ROOT = part(GPT_TYPE.linuxFilesystem, 'root', bytesSource(new Uint8Array(8192)));

const disk = (partitions: readonly GptPartitionPlan[], bootCode = createMasterBoot(MIB)) =>
  createGptDisk({ size: 8 * MIB, diskGuid: guid('disk'), bootCode, partitions });
const raw = (...given: Parameters<typeof disk>): ByteSource => layoutSource(disk(...given));

const refused = (message: string) =>
  expect.objectContaining({
    name: 'LinuxReleaseError',
    code: 'record-differs',
    message: expect.stringContaining(`an image: ${message}`),
  });
const read = (source: ByteSource, format: 'iso' | 'qcow2' | 'raw' = 'raw') =>
  readMedium('an image', format, source);

describe('an image that is opened as a machine would', () => {
  it('what UEFI starts, what the BIOS loader was told and the root are found in a disk', () => {
    const source = raw([BIOS, ROOT, ESP]);
    const medium = read(source);
    expect(readBytes(medium.uki, 0, medium.uki.size)).toEqual(readBytes(UKI, 0, UKI.size));
    expect(medium.loader).toMatchObject({ commandLine: 'quiet', kernel: { offset: 3 * MIB, size: 512 } });
    expect(medium.root?.size).toBe(8192);
    expect(medium.disk).toBe(source);
  });

  it('the same is found in the disk that a qcow2 file holds, and a disk without a root has none', () => {
    const medium = read(layoutSource(encodeQcow2(disk([BIOS, ESP]))), 'qcow2');
    expect([medium.disk.size, medium.root]).toEqual([8 * MIB, undefined]);
  });

  it.each<[string, ByteSource, string]>([
    ['no EFI system partition', raw([BIOS, ROOT]), 'has no EFI system partition'],
    ['no partition with a loader', raw([ROOT, ESP]), 'has no partition with a BIOS loader'],
    [
      'two roots',
      raw([BIOS, ROOT, { ...ROOT, uniqueGuid: guid('other') }, ESP]),
      'has two partitions of the type',
    ],
    [
      'two of what UEFI starts',
      raw([BIOS, ESP, { ...ESP, uniqueGuid: guid('other') }]),
      'has two partitions',
    ],
    [
      'master boot code of somebody',
      raw([BIOS, ESP], Uint8Array.of(0xfa, 0xf4)),
      'its master boot code is not',
    ],
    [
      'a loader of somebody',
      raw([{ ...BIOS, content: bytesSource(new Uint8Array(8192)) }, ESP]),
      'its BIOS loader is',
    ],
    [
      'a loader that is sought elsewhere',
      raw([BIOS, ESP], createMasterBoot(2 * MIB)),
      'its BIOS loader lies at',
    ],
    [
      'a loader that seeks itself elsewhere',
      raw([{ ...BIOS, content: bytesSource(loader(2 * MIB)) }, ESP]),
      'its BIOS loader lies at',
    ],
  ])('a disk with %s is refused', (_, source, message) => {
    expect(() => read(source)).toThrow(refused(message));
  });

  it('a volume without what UEFI starts is refused, and so is a file that is no disk', () => {
    const other = part(GPT_TYPE.efiSystem, 'esp', volume('EFI/BOOT/OTHER.EFI'));
    expect(() => read(raw([BIOS, other]))).toThrow(expect.objectContaining({ code: 'not-found' }));
    const nothing = bytesSource(new Uint8Array(MIB));
    for (const format of ['iso', 'qcow2', 'raw'] as const) {
      expect(() => read(nothing, format)).toThrow(expect.objectContaining({ name: 'ImageError' }));
    }
  });

  it('an ISO of somebody is refused', () => {
    expect(() => read(bytesSource(BOOT_ISO), 'iso')).toThrow(refused('its master boot code is not'));
    expect(() => read(bytesSource(PLAIN_ISO), 'iso')).toThrow(
      expect.objectContaining({ name: 'ImageError' }),
    );
  });

  it('a place behind the end of a disk is refused', () => {
    const source = raw([BIOS, ESP]);
    expect(() => rangeOf('an image', 'kernel', source, { offset: 8 * MIB - 100, size: 101 })).toThrow(
      refused('its BIOS loader seeks the kernel at byte 8388508, behind the end'),
    );
    expect(rangeOf('an image', 'kernel', source, { offset: 8 * MIB - 100, size: 100 }).size).toBe(100);
  });
});
