// SPDX-License-Identifier: Apache-2.0
import { buildBootDisk, buildBootIso, PREBUILT_PARTS, setBuildId } from '@latticra/boot-seed';
import { bytesSource, type Layout, layoutSource, readBytes } from '@latticra/disk-image';
import { createFat } from '@latticra/disk-image/fat';
import { createGptDisk, GPT_TYPE, UUID_NAMESPACE, uuidV5 } from '@latticra/disk-image/gpt';
import { createBiosLoader, createMasterBoot, planDisk, planLinuxIso, planUki } from '@latticra/linux-image';
import { expect, it } from 'vitest';
import { BOOT_ISO, RAW_DISK } from '../../../../tools/testing/images.js';
import { initramfs, linuxKernel } from '../../../../tools/testing/linux.js';
import { findOwnParts } from './find.js';

const MIB = 1 << 20;
const KERNEL = setBuildId(PREBUILT_PARTS.kernel, 'any-build');
const planned = planUki({
  kernel: bytesSource(linuxKernel()),
  initrd: bytesSource(initramfs([{ path: 'init', mode: 0o100755, content: Buffer.from('#!/bin/sh\n') }])),
  commandLine: 'console=ttyS0',
  osRelease: 'ID=test\n',
});
const UKI = { ...planned, source: layoutSource(planned.layout) };
const LINUX = { uki: UKI, root: undefined, epoch: 1 };

const find = (layout: Layout, format: 'iso' | 'disk') => findOwnParts(layoutSource(layout), format);

it('loader and kernel of the seed in an image are ours', () => {
  const seed = { kernel: KERNEL, commandLine: '' };
  expect(find(buildBootIso(seed), 'iso')).toEqual({ loader: true, kernel: true });
  expect(find(buildBootDisk({ ...seed, size: 8 * MIB }).disk, 'disk')).toEqual({
    loader: true,
    kernel: true,
  });
});

it('the loader of a Linux in an image is ours, and the kernel is that of its distribution', () => {
  expect(find(planLinuxIso(LINUX), 'iso')).toEqual({ loader: true, kernel: false });
  expect(find(planLinuxIso(LINUX), 'disk')).toEqual({ loader: true, kernel: false });
  expect(find(planDisk(LINUX), 'disk')).toEqual({ loader: true, kernel: false });
});

it('one changed byte of a loader that starts Linux makes it foreign', () => {
  for (const [layout, format] of [
    [planLinuxIso(LINUX), 'iso'],
    [planDisk(LINUX), 'disk'],
  ] as const) {
    const bytes = readBytes(layoutSource(layout), 0, layout.size);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    expect(findOwnParts(bytesSource(bytes), format)).toEqual({ loader: false, kernel: false });
  }
});

it('an image of another system holds nothing of ours', () => {
  expect(findOwnParts(bytesSource(BOOT_ISO), 'iso')).toEqual({ loader: false, kernel: false });
  expect(findOwnParts(bytesSource(RAW_DISK), 'disk')).toEqual({ loader: false, kernel: false });
});

it('a kernel of the seed that lies beside a Linux is not what our loaders start', () => {
  const paths = ['EFI/BOOT/BOOTX64.EFI', 'boot/kernel.elf'] as const;
  const volume = createFat({
    size: 4 * MIB,
    volumeId: 1,
    timestamp: 0,
    label: 'ESP',
    hiddenSectors: (2 * MIB) / 512,
    files: [
      { path: paths[0], content: UKI.source },
      { path: paths[1], content: bytesSource(KERNEL) },
    ],
  });
  const start = 2 * MIB + (volume.files.find(({ path }) => path === paths[0])?.offset ?? 0);
  const range = ({ offset, size }: typeof UKI.kernel) => ({ offset: start + offset, size });
  const loader = createBiosLoader(
    {
      loader: MIB,
      kernel: range(UKI.kernel),
      initramfs: range(UKI.initrd),
      commandLine: UKI.commandLine,
    },
    512,
  );
  const part = (name: string, typeGuid: string, firstLba: number, content: Layout | undefined) => ({
    typeGuid,
    uniqueGuid: uuidV5(UUID_NAMESPACE.dns, name),
    name,
    firstLba,
    content: content ?? bytesSource(loader),
  });
  const disk = createGptDisk({
    size: 8 * MIB,
    diskGuid: uuidV5(UUID_NAMESPACE.dns, 'disk'),
    bootCode: createMasterBoot(MIB),
    partitions: [
      part('loader', GPT_TYPE.biosBoot, MIB / 512, undefined),
      part('esp', GPT_TYPE.efiSystem, (2 * MIB) / 512, volume.layout),
    ],
  });
  expect(find(disk, 'disk')).toEqual({ loader: true, kernel: false });
});
