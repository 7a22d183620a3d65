// SPDX-License-Identifier: Apache-2.0
/** The smallest images that are what they say, made once in a process: an ISO, a raw disk and a qcow2 file that start. */
import { createHash } from 'node:crypto';
import { createFat } from '../../packages/disk-image/src/fat/index.js';
import {
  createGptDisk,
  createGptTables,
  GPT_TYPE,
  UUID_NAMESPACE,
  uuidV5,
} from '../../packages/disk-image/src/gpt/index.js';
import {
  bytesSource,
  createLayout,
  type Layout,
  layoutSource,
  readBytes,
} from '../../packages/disk-image/src/index.js';
import { layoutIso, planIso } from '../../packages/disk-image/src/iso9660/index.js';
import { encodeQcow2 } from '../../packages/disk-image/src/qcow2/index.js';
import { bzImage, cpio, pe } from '../../packages/disk-image/src/testing/files.js';

const ESP_BYTES = 64 << 10;
/** Backup entries and header of a GPT: 33 sectors of 512 bytes. */
const BACKUP_BYTES = 33 * 512;
const CLI_HLT = Uint8Array.of(0xfa, 0xf4);
const guid = (name: string) => uuidV5(UUID_NAMESPACE.dns, name);

const bytesOf = (layout: Layout): Buffer => Buffer.from(readBytes(layoutSource(layout), 0, layout.size));

const esp = createFat({
  size: ESP_BYTES,
  volumeId: 1,
  timestamp: 0,
  label: 'ESP',
  files: [{ path: 'EFI/BOOT/BOOTX64.EFI', content: bytesSource(pe()) }],
}).layout;

const disk = createGptDisk({
  size: 256 << 10,
  diskGuid: guid('disk'),
  bootCode: CLI_HLT,
  alignment: 4096,
  partitions: [{ typeGuid: GPT_TYPE.efiSystem, uniqueGuid: guid('esp'), name: 'EFI', content: esp }],
});

function bootIso(volumeId: string): Layout {
  const plan = planIso({
    volumeId,
    epoch: 0,
    files: [
      { path: 'boot/bios', size: 2048 },
      { path: 'boot/esp', size: ESP_BYTES },
    ],
    boot: [
      { platform: 'bios', path: 'boot/bios', loadSectors: 4 },
      { platform: 'uefi', path: 'boot/esp', loadSectors: ESP_BYTES / 512 },
    ],
    trailerSize: BACKUP_BYTES,
  });
  const place = plan.files.get('boot/esp');
  if (place === undefined) throw new Error('the ISO was planned without its ESP');
  const tables = createGptTables({
    size: plan.size,
    diskGuid: guid(volumeId),
    bootCode: CLI_HLT,
    alignment: 2048,
    partitions: [
      {
        typeGuid: GPT_TYPE.efiSystem,
        uniqueGuid: guid('iso-esp'),
        name: 'EFI',
        firstLba: place.offset / 512,
        size: ESP_BYTES,
      },
    ],
  });
  return layoutIso(plan, {
    files: new Map([
      ['boot/bios', bytesSource(Buffer.alloc(2048, CLI_HLT))],
      ['boot/esp', layoutSource(esp)],
    ]),
    systemArea: layoutSource(createLayout(tables.primary.source.size, [tables.primary])),
    trailer: tables.backup.source,
  });
}

function discIso(): Layout {
  const plan = planIso({
    volumeId: 'DISC',
    epoch: 0,
    files: [{ path: 'boot/bios', size: 2048 }],
    boot: [{ platform: 'bios', path: 'boot/bios', loadSectors: 4 }],
  });
  return layoutIso(plan, { files: new Map([['boot/bios', bytesSource(Buffer.alloc(2048, CLI_HLT))]]) });
}

/** An ISO that starts by BIOS as a disc alone: without tables that say where it ends, it may have anything behind it. */
export const PLAIN_ISO = bytesOf(discIso());
/** An ISO that starts by BIOS and UEFI, as a disc and from a stick; its volume is called LATTICRA. */
export const BOOT_ISO = bytesOf(bootIso('LATTICRA'));
/** Another such ISO, called OTHER. */
export const OTHER_ISO = bytesOf(bootIso('OTHER'));
/** A GPT disk that starts by BIOS and UEFI. */
export const RAW_DISK = bytesOf(disk);
/** That disk as a qcow2 file. */
export const QCOW2_DISK = bytesOf(encodeQcow2(disk));
/** A kernel of Linux, and a cpio archive with an init. */
export const KERNEL = bzImage();
export const INITRAMFS = cpio({ init: Buffer.from('#!/bin/sh\n') });

/** A signature in the armour of ssh-keygen, of nothing. */
export const SIGNATURE = `-----BEGIN SSH SIGNATURE-----\n${'U1NIU0lH\n'.repeat(4)}-----END SSH SIGNATURE-----\n`;

/** The SHA-256 of bytes, as 64 hexadecimal digits. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
