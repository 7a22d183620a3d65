// SPDX-License-Identifier: Apache-2.0
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';
import { ISO, ISO_DIGEST, QCOW2 } from '../release.js';

const LANE = 'latticra-os-image-usb-write-command';
const ZEROS = {
  usb_write_execution_allowed: 0,
  usb_write_executed: 0,
  block_device_write_performed: 0,
  root_authority: 0,
};

/** A system disk by name, however it is spelled. */
const BLOCKED = [
  ['linux', '/dev/sda'],
  ['linux', '/dev/sda1'],
  ['linux', '/dev/../dev/sda'],
  ['linux', '/dev//sda'],
  ['linux', '/dev/sda/'],
  ['linux', '/dev/nvme0n1p2'],
  ['linux', '/dev/mmcblk0'],
  ['linux', '/dev/vda'],
  ['macos', '/dev/disk0'],
  ['macos', '/dev/rdisk0'],
  ['macos', '/dev/rdisk0s1'],
] as const;

export const usbWriteCommand: Guard = {
  name: 'latticra_os_image_usb_write_command',
  summary: 'a write command is printed for a placeholder, never for a system disk, and never run',
  async check(drive) {
    drive.file("it's an image.iso", ISO);
    const iso = ['--iso', "it's an image.iso"];
    expectFields(await drive.accepts(LANE, ...iso, '--device', '/dev/sdX', '--platform', 'linux'), {
      ...ZEROS,
      template_status: 'ok',
      device_path_placeholder: 1,
      device_inspected: 0,
      usb_write_command_ready: 1,
      usb_write_command: "sudo dd if='it'\\''s an image.iso' of='/dev/sdX' bs=4M conv=fsync status=progress",
      pre_write_unmount_command: 'not-required-for-linux-template',
      pre_write_check_command: "sudo blockdev --rereadpt '/dev/sdX'",
      post_write_command: 'sync',
    });
    expectFields(await drive.accepts(LANE, ...iso, '--device', '/dev/rdiskN', '--platform', 'macos'), {
      ...ZEROS,
      usb_write_command_ready: 1,
      usb_write_command: "sudo dd if='it'\\''s an image.iso' of='/dev/rdiskN' bs=4m",
      pre_write_unmount_command: "diskutil unmountDisk '/dev/diskN'",
      pre_write_check_command: 'not-required-for-macos-template',
    });
    for (const [platform, device] of BLOCKED) {
      expectFields(await drive.accepts(LANE, ...iso, '--device', device, '--platform', platform), {
        ...ZEROS,
        device_path_blocked: 1,
        usb_write_command_ready: 0,
      });
    }
    expectFields(
      await drive.accepts(LANE, '--iso', 'missing.iso', '--device', '/dev/sdX', '--platform', 'linux'),
      {
        iso_exists: 0,
        iso_size_bytes: 'missing',
        usb_write_command_ready: 0,
      },
    );
    const placeholder = [...iso, '--device', '/dev/sdX', '--platform', 'linux'];
    const digest = ISO_DIGEST.replace('sha256:', '');
    await drive.accepts(LANE, ...placeholder, '--expect-sha256', digest);
    await drive.refuses(LANE, [...placeholder, '--expect-sha256', '0'.repeat(64)], 65, /sha256/);
    // A file is what its content says, whatever its name.
    const onto = ['--device', '/dev/sdX', '--platform', 'linux'];
    for (const [content, found] of [
      ['<!doctype html><title>Not found</title>', /found an HTML page/],
      ['', /found an empty file/],
      [QCOW2, /found a qcow2 image/],
      [ISO.subarray(0, ISO.length / 2), /the volume has/],
    ] as const) {
      await drive.refuses(LANE, ['--iso', drive.file('other.iso', content), ...onto], 65, found);
    }
    await drive.refuses(LANE, iso, 64, /--device: required/);
    await drive.refuses(LANE, [...iso, '--device', '/dev/sd\nX'], 65, /--device/);
  },
};
