// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import {
  findOwnParts,
  readBuildId,
  SEED_BUILD_ID_PREFIX,
  SEED_EXIT_CODE,
  SEED_SENTINEL,
} from '@latticra/boot-seed';
import { defineLane, LaneError } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { planSmoke, runSmoke, type SmokeChoice, smokeCommand } from '@latticra/vm-run';
import { version } from '../package.json';

interface ImageFlags {
  readonly iso: string | undefined;
  readonly 'disk-image': string | undefined;
  readonly format: 'qcow2' | 'raw' | undefined;
}

/** Returns the one image that was named, and how to read it. */
function chooseImage(flags: ImageFlags, cwd: string): SmokeChoice['image'] {
  const { iso, 'disk-image': disk, format } = flags;
  if (iso !== undefined && disk === undefined && format === undefined)
    return { path: resolve(cwd, iso), format: 'iso' };
  if (iso === undefined && disk !== undefined && format !== undefined)
    return { path: resolve(cwd, disk), format };
  throw new LaneError('usage', 'expected either --iso, or --disk-image with --format');
}

export const lane = defineLane({
  bin: 'latticra-boot-seed-qemu-smoke',
  version,
  summary: 'boot a seed image and report what the guest did',
  details: `
Boots the image, read-only, and waits for the guest to end the machine. Only a guest that wrote the sentinel and
its build id to the serial console, and ended with the seed's exit code, gets a report; whatever else happens is
exit code 70. Any code can write those lines: only where the loader and the kernel in the image are the seed's own, byte
for byte, does the report call the smoke ready; loader_is_ours and kernel_is_ours tell what is foreign. The output folder
takes serial.log, screenshot and, from QEMU, qemu.log and qemu-argv.txt.`,
  examples: [
    '--iso build/boot-seed/latticra-boot-seed.iso',
    '--disk-image build/boot-seed/latticra-boot-seed.qcow2 --format qcow2 --firmware uefi',
    '--iso build/boot-seed/latticra-boot-seed.iso --attach usb --dry-run',
  ],
  fixture: releaseFixture,
  flags: {
    iso: { value: 'path', help: 'the ISO to boot' },
    'disk-image': { value: 'path', help: 'the disk to boot instead' },
    format: { value: 'choice', choices: ['qcow2', 'raw'], help: 'format of --disk-image' },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      default: 'build/boot-seed/qemu-smoke',
      help: 'where the logs go',
    },
    firmware: {
      value: 'text',
      placeholder: 'auto|seabios|uefi|path',
      default: 'auto',
      help: "what starts the machine; a path names UEFI code, whose variable store is found by QEMU's descriptors",
    },
    machine: {
      value: 'choice',
      choices: ['auto', 'pc-i440fx', 'q35'],
      default: 'auto',
      help: 'what the firmware starts on; auto is q35 for UEFI and pc-i440fx for SeaBIOS',
    },
    attach: {
      value: 'choice',
      choices: ['cdrom', 'usb', 'disk'],
      help: 'how the image is attached (default: an ISO as cdrom, a disk as disk)',
    },
    timeout: { value: 'integer', default: 60, min: 1, max: 3600, help: 'seconds the guest may take' },
    emulator: {
      value: 'choice',
      choices: ['auto', 'qemu', 'v86'],
      default: 'auto',
      help: 'auto takes QEMU where it is installed, else the embedded v86, which needs no firmware',
    },
    'build-id': {
      value: 'text',
      placeholder: 'id',
      help: 'build id to expect (default: the one in the kernel of the image)',
    },
    'dry-run': { value: 'none', help: 'print the command instead of running it' },
  },
  async run({ flags, cwd, env, signal }) {
    const choice: SmokeChoice = {
      image: chooseImage(flags, cwd),
      emulator: flags.emulator,
      firmware: flags.firmware,
      machine: flags.machine,
      outputDir: resolve(cwd, flags['output-dir']),
      timeoutMs: flags.timeout * 1000,
      env,
      signal,
      ...(flags.attach && { attach: flags.attach }),
    };
    if (flags['dry-run']) {
      const command = smokeCommand(planSmoke(choice)) ?? '# v86 runs inside this process: no command';
      return { text: `${command}\n`, json: `${JSON.stringify({ command })}\n` };
    }
    return runSmoke(choice, {
      sentinel: SEED_SENTINEL,
      buildIdPrefix: SEED_BUILD_ID_PREFIX,
      exitCode: SEED_EXIT_CODE,
      buildId: flags['build-id'] ?? readBuildId,
      findOwnParts,
    });
  },
});
