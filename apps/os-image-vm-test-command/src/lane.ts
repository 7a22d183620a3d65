// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { bytesIn, HeldFileError, isAbsent } from '@latticra/held-files';
import { defineLane, LaneError, type Progress } from '@latticra/lane';
import { inspectFile, releaseFixture } from '@latticra/manifest';
import { vmTestCommand } from '@latticra/qemu-argv';
import { firmwareRoots, surveyFirmware } from '@latticra/toolchain';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-vm-test-command',
  version,
  summary: 'print the QEMU command with which an operator tests an OS image',
  details: `
Runs nothing. The command on the line qemu_test_command works as it is printed, in a POSIX shell with QEMU 7.0 or
later: it opens the image and the UEFI variable template for reading only, and writes the serial console to a file.
It is ready when the image, and the firmware where UEFI is asked for, are there. An image that is there is looked
into: one that is not of its format, is damaged, or needs another file (a backing file, a data file, a secret) is
refused.`,
  examples: [
    '--image latticra-x86_64.qcow2 --format qcow2',
    '--image latticra-x86_64.iso --format iso --firmware uefi --memory-mib 4096',
  ],
  fixture: releaseFixture,
  flags: {
    image: { value: 'path', required: true, help: 'the image; it does not have to be there yet' },
    format: { value: 'choice', choices: ['raw', 'qcow2', 'iso'], required: true, help: 'its format' },
    firmware: { value: 'choice', choices: ['seabios', 'uefi'], default: 'seabios', help: 'what starts it' },
    'uefi-firmware': {
      value: 'text',
      placeholder: 'path|auto',
      help: "UEFI code (default: auto, found by QEMU's descriptors)",
    },
    'memory-mib': { value: 'integer', default: 2048, min: 32, max: 1_048_576, help: 'memory of the machine' },
    cpus: { value: 'integer', default: 2, min: 1, max: 255, help: 'its processors' },
    'serial-log': {
      value: 'path',
      default: 'reports/latticra-os-image-vm-serial.log',
      help: 'where the command writes what the guest says on its serial port',
    },
  },
  async run({ flags, cwd, manifestPath, env, progress }) {
    const uefiFirmware = flags['uefi-firmware'];
    if (uefiFirmware !== undefined && flags.firmware !== 'uefi') {
      throw new LaneError('usage', '--uefi-firmware: goes with --firmware uefi only');
    }
    const image = resolve(cwd, flags.image);
    return vmTestCommand({
      manifestPath,
      imagePath: flags.image,
      imageFormat: flags.format,
      image: isAbsent(image) ? undefined : await inspectIfPresent(image, flags.image, progress),
      firmware:
        flags.firmware === 'uefi'
          ? surveyFirmware(uefiFirmware ?? 'auto', 'q35', firmwareRoots(env))
          : { kind: 'seabios' },
      memoryMib: flags['memory-mib'],
      cpus: flags.cpus,
      serialLog: flags['serial-log'],
    });
  },
});

/** Measures an image and looks into it; returns undefined where it is gone meanwhile. */
function inspectIfPresent(image: string, shown: string, progress: Progress) {
  return progress
    .track(
      `measuring ${shown}`,
      (onBytes) => inspectFile(image, { onBytes }),
      () => bytesIn(image),
    )
    .catch((error: unknown) => {
      if (error instanceof HeldFileError && error.code === 'not-found') return undefined;
      throw error;
    });
}
