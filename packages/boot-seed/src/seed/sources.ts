// SPDX-License-Identifier: Apache-2.0
import bios from '../../seed/bios.S';
import biosCopy from '../../seed/bios-copy.S';
import biosLoader from '../../seed/bios-loader.S';
import biosMemory from '../../seed/bios-memory.S';
import biosStart from '../../seed/bios-start.S';
import gdt from '../../seed/gdt.S';
import handoff from '../../seed/handoff.S';
import kernel from '../../seed/kernel.S';
import masterBoot from '../../seed/master-boot.S';
import serial from '../../seed/serial.S';
import uefi from '../../seed/uefi.S';
import uefiLoader from '../../seed/uefi-loader.S';

/** The seed's sources by file name: all that GNU as needs. */
export const SEED_SOURCES = {
  'bios.S': bios,
  'bios-copy.S': biosCopy,
  'bios-loader.S': biosLoader,
  'bios-memory.S': biosMemory,
  'bios-start.S': biosStart,
  'gdt.S': gdt,
  'handoff.S': handoff,
  'kernel.S': kernel,
  'master-boot.S': masterBoot,
  'serial.S': serial,
  'uefi.S': uefi,
  'uefi-loader.S': uefiLoader,
} as const;
