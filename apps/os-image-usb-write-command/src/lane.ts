// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { bytesIn } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import {
  type AcceptedDevice,
  choosePlatform,
  inspectorFor,
  PLATFORM_CHOICES,
  SYSTEM_DISK_NAMES,
  UsbCommandError,
  usbWriteCommand,
} from '@latticra/usb-cmd';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-usb-write-command',
  version,
  summary: 'print the commands that write an OS image to a USB stick',
  details: `
Measures the image and looks into it, judges the device, and prints what to run: unmount, ask the kernel whether anybody holds the
device, write, sync, and compare the stick with the image. It runs nothing and writes to no device; there is no
default device. The answer is ready only for a whole disk that nothing speaks against; device_blocked_reason says
what does, device_blocked_next_step what to do, and then no command is printed. What is no ISO, or is cut or
damaged, is refused; an ISO that no firmware starts from a stick is blocked. /dev/sdX and /dev/rdiskN stand for a device that is filled in by hand.`,
  examples: [
    '--iso latticra-x86_64.iso --device /dev/sdX --platform linux',
    '--iso latticra-x86_64.iso --device /dev/disk/by-id/usb-Maker_Stick_0001-0:0',
    '--iso latticra-x86_64.iso --device /dev/rdiskN --platform macos',
  ],
  fixture: releaseFixture,
  flags: {
    iso: { value: 'path', required: true, help: 'the ISO image' },
    device: { value: 'text', required: true, placeholder: 'device', help: 'the whole disk to write it to' },
    'expect-sha256': { value: 'text', placeholder: 'hex', help: 'refuse an image with another digest' },
    'accept-device-name': {
      value: 'choice',
      choices: SYSTEM_DISK_NAMES,
      help: 'with --device-serial: take the device of this name, which is blocked otherwise',
    },
    'device-serial': {
      value: 'text',
      placeholder: 'serial',
      help: 'its serial number, as lsblk -o SERIAL shows it',
    },
    platform: {
      value: 'choice',
      choices: PLATFORM_CHOICES,
      default: 'auto',
      help: 'what the commands are for; auto is this machine',
    },
  },
  async run(context) {
    const { flags, manifestPath, cwd, progress } = context;
    const platform = choosePlatform(flags.platform);
    const accepted = acceptedDevice(flags['accept-device-name'], flags['device-serial']);
    return progress.track(
      `measuring ${flags.iso}`,
      (onBytes) =>
        usbWriteCommand(
          {
            manifestPath,
            isoPath: flags.iso,
            devicePath: flags.device,
            platform,
            expectSha256: flags['expect-sha256'],
            accepted,
          },
          {
            cwd,
            inspector: inspectorFor(platform),
            onBytes,
            // Asked for where there is something to measure: Node loads what it consists of only then.
            get signal() {
              return context.signal;
            },
          },
        ),
      () => bytesIn(resolve(cwd, flags.iso)),
    );
  },
});

/** Both flags or neither: a name alone says nothing of the device that has it today. */
function acceptedDevice(name: string | undefined, serial: string | undefined): AcceptedDevice | undefined {
  if (name === undefined && serial === undefined) return undefined;
  if (name !== undefined && serial !== undefined) return { name, serial };
  throw new UsbCommandError('bad-request', '--accept-device-name and --device-serial belong together', {
    fix: 'give both, or neither',
  });
}
