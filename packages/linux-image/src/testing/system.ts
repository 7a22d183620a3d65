// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { type ByteSource, bytesSource, createLayout, type Layout, layoutSource } from '@latticra/disk-image';
import { type IsoExtent, layoutIso, planIso } from '@latticra/disk-image/iso9660';
import type { ArchiveEntry } from '../initramfs/entry.js';
import { createArchive } from '../initramfs/write.js';
import { BIOS_PARTS } from '../loader/parts.js';
import { createBiosLoader, createMasterBoot } from '../loader/patch.js';
import { findDebianKernel } from './machine.js';

const MIB = 1 << 20;
const BUSYBOX = '/bin/busybox';
/** What a test of a whole boot needs. */
export const BOOT_TOOLS = ['qemu-system-x86_64', findDebianKernel().path, BUSYBOX];

/** Makes an initramfs of busybox that is no work of ours: its /init is this script. */
export function foreignInitramfs(script: string, files: readonly ArchiveEntry[] = []): Uint8Array {
  const folders = ['bin', 'dev', 'proc', 'sys', 'mnt'];
  const archive = createArchive([
    ...folders.map((path) => ({ path, mode: 0o755, content: undefined })),
    { path: 'bin/busybox', mode: 0o755, content: readFileSync(BUSYBOX) },
    { path: 'init', mode: 0o755, content: Buffer.from(`#!/bin/busybox sh\n${script}`) },
    ...files,
  ]);
  return contentOf(archive);
}

export function contentOf(layout: Layout): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  layoutSource(layout).readInto(bytes, 0);
  return bytes;
}

export interface System {
  readonly kernel: Uint8Array;
  readonly initramfs: ByteSource;
  readonly commandLine: string;
  readonly root?: ByteSource;
}

const align = (size: number, unit: number) => Math.ceil(size / unit) * unit;

/** Where the parts lie on the disk of a test: kernel and initramfs deep in it, and the root behind them. */
export function placesOnDisk({ kernel, initramfs }: { kernel: Uint8Array; initramfs: { size: number } }) {
  const kernelAt = 5 * MIB + 512;
  const initramfsAt = align(kernelAt + kernel.length, 512) + 512;
  return { loader: MIB, kernelAt, initramfsAt, rootAt: align(initramfsAt + initramfs.size, MIB) };
}

/** Makes sector 0 of a disk whose loader lies at this byte. */
function bootSector(loader: number): Uint8Array {
  const sector = new Uint8Array(512);
  sector.set(createMasterBoot(loader));
  // An active partition: firmware that looks for one finds it.
  sector.set([0x80, 0, 2, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 16, 0, 0], 446);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Makes a disk that starts by BIOS. */
export function createDisk({
  kernel,
  initramfs,
  commandLine,
  root = bytesSource(new Uint8Array(0)),
}: System): Layout {
  const { loader, kernelAt, initramfsAt, rootAt } = placesOnDisk({ kernel, initramfs });
  const code = createBiosLoader(
    {
      loader,
      kernel: { offset: kernelAt, size: kernel.length },
      initramfs: { offset: initramfsAt, size: initramfs.size },
      commandLine,
    },
    512,
  );
  return createLayout(align(rootAt + root.size, MIB) + MIB, [
    { offset: 0, source: bytesSource(bootSector(loader)) },
    { offset: loader, source: bytesSource(code) },
    { offset: kernelAt, source: bytesSource(kernel) },
    { offset: initramfsAt, source: initramfs },
    { offset: rootAt, source: root },
  ]);
}

const FILES = {
  loader: 'boot/bios.bin',
  kernel: 'boot/vmlinuz',
  initramfs: 'boot/initrd.img',
  root: 'root.img',
};

function planCd({ kernel, initramfs, root }: System) {
  return planIso({
    volumeId: 'TEST',
    epoch: 0,
    files: [
      { path: FILES.loader, size: BIOS_PARTS.biosLoader.length },
      { path: FILES.kernel, size: kernel.length },
      { path: FILES.initramfs, size: initramfs.size },
      ...(root === undefined ? [] : [{ path: FILES.root, size: root.size }]),
    ],
    boot: [{ platform: 'bios', path: FILES.loader, loadSectors: 4 }],
    alignSize: MIB,
  });
}

const extentIn =
  (files: ReadonlyMap<string, IsoExtent>) =>
  (path: string): IsoExtent => {
    const extent = files.get(path);
    if (extent === undefined) throw new Error(`planned without ${path}`);
    return extent;
  };

/** Returns the byte of the CD at which its root begins. */
export const rootOnCd = (system: System) => extentIn(planCd(system).files)(FILES.root).offset;

/** Makes a CD that starts by BIOS, and as a disk too. */
export function createCd(system: System): Layout {
  const { kernel, initramfs, commandLine, root } = system;
  const plan = planCd(system);
  const place = extentIn(plan.files);
  const code = createBiosLoader(
    {
      loader: place(FILES.loader).offset,
      kernel: place(FILES.kernel),
      initramfs: place(FILES.initramfs),
      commandLine,
    },
    2048,
  );
  return layoutIso(plan, {
    systemArea: bytesSource(bootSector(place(FILES.loader).offset)),
    files: new Map([
      [FILES.loader, bytesSource(code)],
      [FILES.kernel, bytesSource(kernel)],
      [FILES.initramfs, initramfs],
      ...(root === undefined ? [] : [[FILES.root, root] as const]),
    ]),
  });
}
