// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { findOwnParts } from '@latticra/boot-cases/own-parts';
import { readBuildId, SEED_BUILD_ID_PREFIX, SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import { defineLane, LaneError } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import {
  EXPECT_FLAGS,
  planSmoke,
  readExpectFlags,
  runSmoke,
  runSystemSmoke,
  type SmokeChoice,
  smokeCommand,
  systemChoice,
} from '@latticra/vm-run';
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

/** Returns the seconds that a guest may take, from one of the two names of that flag. */
function secondsOf(flags: {
  readonly timeout: number | undefined;
  readonly 'timeout-seconds': number | undefined;
}): number {
  const { timeout, 'timeout-seconds': seconds } = flags;
  if (timeout !== undefined && seconds !== undefined) {
    throw new LaneError('usage', '--timeout-seconds: another name of --timeout, which was given too');
  }
  return timeout ?? seconds ?? 60;
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
takes serial.log, screenshot and, from QEMU, qemu.log and qemu-argv.txt.

With any flag of what is expected the image is one of another system, booted in QEMU: everything named has to be shown, each
--expect-line once, and the machine is stopped then, unless --expect-exit-code has the guest end it. A panic, an Oops, verity
corruption, an emergency shell, or a second boot in the log fail every smoke. What such a system writes to its disk is thrown
away. Its report calls nothing ready.

The report is for whoever runs it: nobody can derive it again, so it is no evidence and has no signature. latticra-boot-matrix run
makes records that count, signed with --machine-key.`,
  examples: [
    '--iso build/boot-seed/latticra-boot-seed.iso',
    '--disk-image build/boot-seed/latticra-boot-seed.qcow2 --format qcow2 --firmware uefi',
    '--iso build/boot-seed/latticra-boot-seed.iso --attach usb --dry-run',
    '--disk-image kiosk.qcow2 --format qcow2 --expect-prompt "login: " --expect-build-id b-17 --memory-mib 1024',
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
    timeout: { value: 'integer', min: 1, max: 3600, help: 'seconds the guest may take (default: 60)' },
    'timeout-seconds': { value: 'integer', min: 1, max: 3600, help: 'another name of --timeout' },
    'memory-mib': {
      value: 'integer',
      min: 16,
      max: 65536,
      help: "memory of QEMU's machine (default: 256)",
    },
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
    ...EXPECT_FLAGS,
    'dry-run': { value: 'none', help: 'print the command instead of running it' },
  },
  async run({ flags, cwd, env, signal, progress }) {
    const system = readExpectFlags(flags);
    if (system !== undefined && flags['build-id'] !== undefined) {
      throw new LaneError('usage', "--build-id is the seed's; expected --expect-build-id for another system");
    }
    const given: SmokeChoice = {
      image: chooseImage(flags, cwd),
      emulator: flags.emulator,
      firmware: flags.firmware,
      machine: flags.machine,
      outputDir: resolve(cwd, flags['output-dir']),
      timeoutMs: secondsOf(flags) * 1000,
      env,
      signal,
      ...(flags.attach && { attach: flags.attach }),
      ...(flags['memory-mib'] !== undefined && { memoryMib: flags['memory-mib'] }),
    };
    const choice = system === undefined ? given : systemChoice(given, system);
    if (flags['dry-run']) {
      const command = smokeCommand(planSmoke(choice)) ?? '# v86 runs inside this process: no command';
      return { text: `${command}\n`, json: `${JSON.stringify({ command })}\n` };
    }
    const seed = {
      sentinel: SEED_SENTINEL,
      buildIdPrefix: SEED_BUILD_ID_PREFIX,
      exitCode: SEED_EXIT_CODE,
      buildId: flags['build-id'] ?? readBuildId,
      findOwnParts,
    };
    const { report } = await progress.wait(
      `booting ${choice.image.path}`,
      () => (system === undefined ? runSmoke(choice, seed) : runSystemSmoke(choice, system, findOwnParts)),
      choice.timeoutMs,
    );
    return report;
  },
});
