// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyOperatorBundle } from '@latticra/operator-bundle';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD_LOG, layRecord } from '../../../packages/boot-cases/test/record.js';
import { writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { BOOT_ISO, sha256Of } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-lane-'));
  await writeRelease(join(cwd, 'release'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd });

const MANIFEST = ['--artifact-manifest', 'release/manifest.txt'];

describe(lane.bin, () => {
  it('the bundle lane stages a bundle under its version and prints the report that lies in it', async () => {
    const { status, stdout, stderr } = await run(...MANIFEST, '--vm-firmware', 'seabios');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const folder = join(cwd, 'artifacts/os-images/1.2.3/operator-bundle');
    expect(stdout).toBe(await readFile(join(folder, 'operator-bundle-report.txt'), 'utf8'));
    await verifyOperatorBundle(folder);
  });

  it('the bundle lane hands the devices and the serial log on to the command documents', async () => {
    const flags = [
      '--linux-device',
      '/dev/sda',
      '--macos-device=/dev/rdiskN',
      '--serial-log',
      'here, there.log',
    ];
    const { status } = await run(...MANIFEST, '--output-dir', 'out', '--vm-firmware', 'seabios', ...flags);
    expect(status).toBe(0);
    const value = async (file: string, key: string) =>
      documentValues(await readFile(join(cwd, 'out', file), 'utf8'))[key];
    expect(await value('usb-write-linux.txt', 'device_blocked_reason')).toBe('system-disk-name');
    expect(await value('usb-write-macos.txt', 'usb_write_command_ready')).toBe('1');
    expect(await value('vm-test-command.txt', 'serial_log_path')).toBe('here, there.log');
  });

  it('the bundle lane takes records of boots of its images along', async () => {
    const sha256 = sha256Of(BOOT_ISO);
    const ofIso = { imageBefore: sha256, imageAfter: sha256, imageBytes: BOOT_ISO.length };
    layRecord(join(cwd, 'records'), GOOD_LOG, ofIso);
    const flags = ['--output-dir', 'out', '--vm-firmware', 'seabios', '--boot-records', 'records'];
    const { status, stdout } = await run(...MANIFEST, ...flags);
    expect(status).toBe(0);
    expect(stdout).toContain('\nboot_record_count=1\n');
    expect((await verifyOperatorBundle(join(cwd, 'out'))).records).toHaveLength(1);
  });

  it.each([
    [64, []],
    [64, [...MANIFEST, '--vm-firmware', 'seabios', '--uefi-firmware', 'auto']],
    [65, [...MANIFEST, '--output-dir', 'a\tb']],
    [65, ['--artifact-manifest', 'release/both.json']],
    [66, ['--artifact-manifest', 'release/gone.txt']],
    [65, [...MANIFEST, '--boot-records', 'foreign']],
    [66, [...MANIFEST, '--boot-records', 'taken']],
    [73, [...MANIFEST, '--output-dir', 'taken']],
    [73, [...MANIFEST, '--output-dir', 'release']],
    [73, [...MANIFEST, '--output-dir', 'release/os.iso/out']],
  ])(
    'the bundle lane ends with %i for %j, with one line, nothing on stdout and nothing left behind',
    async (expected, argv) => {
      await mkdir(join(cwd, 'taken'));
      layRecord(join(cwd, 'foreign'));
      await writeFile(join(cwd, 'taken/file'), '');
      const { status, stdout, stderr } = await run(...argv);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^latticra-os-image-operator-bundle-from-artifacts: .+\n$/);
      expect(status).toBe(expected);
      expect((await readdir(cwd)).sort()).toEqual(['foreign', 'release', 'taken']);
      expect(await readdir(join(cwd, 'taken'))).toEqual(['file']);
    },
  );
});
