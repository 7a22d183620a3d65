// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'usb-write-command-'));
  await writeFile(join(cwd, 'os.iso'), BOOT_ISO);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd });

describe(lane.bin, () => {
  it('the USB lane answers for the placeholder of each platform', async () => {
    const linux = await run('--iso', 'os.iso', '--device', '/dev/sdX', '--platform', 'linux');
    expect(linux).toMatchObject({ status: 0, stderr: '' });
    expect(documentValues(linux.stdout)).toMatchObject({
      manifest_path: '@latticra/manifest/installer/manifests/latticra-os-image-release.toml',
      usb_write_command_ready: '1',
      usb_write_command: "sudo dd if='os.iso' of='/dev/sdX' bs=4M conv=fsync status=progress",
    });
    const macos = await run('--iso=os.iso', '--device=/dev/rdiskN', '--platform=macos');
    expect(documentValues(macos.stdout)).toMatchObject({ platform: 'macos', usb_write_command_ready: '1' });
  });

  it('the USB lane accepts a blocked name with no serial number but its own', async () => {
    const accept = ['--accept-device-name', 'nvme0n1', '--device-serial', 'no such serial number'];
    const disk = await run('--iso', 'os.iso', '--device', '/dev/nvme0n1', '--platform', 'linux', ...accept);
    expect(disk.status).toBe(0);
    expect(documentValues(disk.stdout)).toMatchObject({
      device_path_blocked: '1',
      usb_write_command: 'withheld-device-blocked',
    });
  });

  it('the USB lane answers that it is not ready for a system disk and for an image that is not there', async () => {
    const disk = await run('--iso', 'os.iso', '--device', '/dev/sda1', '--platform', 'linux');
    expect(disk.status).toBe(0);
    expect(documentValues(disk.stdout)).toMatchObject({
      device_path_blocked: '1',
      device_blocked_reason: 'system-disk-name',
      usb_write_command_ready: '0',
    });
    const gone = await run('--iso', 'gone.iso', '--device', '/dev/sdX', '--platform', 'linux');
    expect(gone.status).toBe(0);
    expect(documentValues(gone.stdout)).toMatchObject({ iso_exists: '0', usb_write_command_ready: '0' });
  });

  it.each([
    [64, []],
    [64, ['--iso', 'os.iso']],
    [64, ['--device', '/dev/sdX']],
    [64, ['--iso', 'os.iso', '--device', '']],
    [64, ['--iso', 'os.iso', '--device', '/dev/sdX', '--platform', 'bsd']],
    [64, ['--iso', 'os.iso', '--device', '/dev/sdX', '--device', '/dev/sdX']],
    [64, ['--iso', 'os.iso', '--device', '/dev/sdX', '--yes']],
    [64, ['--iso', 'os.iso', '--device', '/dev/sdX', '--expect-sha256', 'abc']],
    [64, ['--iso', 'os.iso', '--device', '/dev/mmcblk0', '--accept-device-name', 'mmcblk0']],
    [64, ['--iso', 'os.iso', '--device', '/dev/mmcblk0', '--device-serial', '0x1']],
    [64, ['--iso', 'os.iso', '--device', '/dev/sdb', '--accept-device-name', 'sdb', '--device-serial', '1']],
    [
      65,
      ['--iso', 'os.iso', '--device', '/dev/sdX', '--platform', 'linux', '--expect-sha256', '0'.repeat(64)],
    ],
    [65, ['--iso', 'os.iso', '--device', '/dev/sdX\n']],
    [65, ['--iso', 'os\u001b.iso', '--device', '/dev/sdX']],
    [65, ['--iso', 'folder', '--device', '/dev/sdX', '--platform', 'linux']],
    [65, ['--iso', '/dev/null', '--device', '/dev/sdX', '--platform', 'linux']],
  ])('the USB lane ends with %i for %j, with one line and nothing on stdout', async (expected, argv) => {
    await mkdir(join(cwd, 'folder'));
    const { status, stdout, stderr } = await run(...argv);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^latticra-os-image-usb-write-command: .+\n$/);
    expect(status).toBe(expected);
  });

  itWith(['mkfifo'], 'the USB lane does not wait for a FIFO', async () => {
    spawnSync('mkfifo', [join(cwd, 'fifo')]);
    const { status, stderr } = await run('--iso', 'fifo', '--device', '/dev/sdX', '--platform', 'linux');
    expect(status).toBe(65);
    expect(stderr).toContain('is a FIFO');
  });
});
