// SPDX-License-Identifier: Apache-2.0
/** Takes a release from its images to a bundle with the records of its boots, by the commands alone. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { bundleApps } from '../testing/bundle-apps.js';
import { itWith } from '../testing/tools.js';

const MATRIX = `schema = "latticra.boot-matrix/v0.1"
timeout_seconds = 60
[expect]
lines = ["LATTICRA_BOOT_SEED_OK"]
exit_code = 33
[machines.i440fx]
machine = "pc-i440fx"
firmware = "seabios"
[images.iso]
path = "release/promotion/evidence/boot-seed/latticra-boot-seed.iso"
format = "iso"
attach = ["cdrom", "usb"]
[images.disk]
path = "release/promotion/evidence/boot-seed/latticra-boot-seed.qcow2"
format = "qcow2"
attach = ["disk"]
`;

let folder: string;
let scripts: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'boot-evidence-'));
  scripts = await bundleApps(join(folder, 'apps'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(bin: string, ...argv: string[]) {
  const script = scripts.get(bin) ?? expect.fail(`no command ${bin}`);
  return spawnSync(process.execPath, [script, ...argv], { cwd: folder, encoding: 'utf8' });
}

function answer(bin: string, ...argv: string[]): string {
  const { status, stdout, stderr } = run(bin, ...argv);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

itWith(
  ['qemu-system-x86_64', 'sha256sum'],
  'records of real boots go with a release into its bundle, and are verified again wherever it is carried',
  () => {
    answer('latticra', 'rehearse', '--output-dir', 'release', '--emulator', 'qemu');
    writeFileSync(join(folder, 'boot-matrix.toml'), MATRIX);
    run('latticra-boot-matrix', 'run', '--output-dir', 'records');
    const manifest = [
      '--artifact-manifest',
      'release/promotion/evidence/manifest.txt',
      '--boot-records',
      'records',
    ];
    const booted =
      /\n\[boot_evidence\]\niso_booted_count=2\niso_booted_01=iso_cdrom_i440fx cdrom pc-i440fx-\S+ seabios sha256:\w+\niso_booted_02=iso_usb_i440fx usb .*\niso_refused_count=0\niso_failed_count=0\nvm_image_booted_count=1\nvm_image_booted_01=disk_disk_i440fx .*\nvm_image_refused_count=0\nvm_image_failed_count=0\nrecords_of_other_images=0\n/;
    const validated = answer('latticra-os-image-artifact-manifest-validate', ...manifest);
    expect(validated).toMatch(booted);
    expect(validated).toContain('\nbootable_os_ready=0\n');
    answer(
      'latticra-os-image-operator-bundle-from-artifacts',
      ...manifest,
      ...['--output-dir', 'bundle', '--vm-firmware', 'seabios'],
    );
    renameSync(join(folder, 'bundle'), join(folder, 'carried'));
    const sums = spawnSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], {
      cwd: join(folder, 'carried'),
      encoding: 'utf8',
    });
    expect([sums.status, sums.stdout]).toEqual([0, '']);
    const bundle = ['--artifact-manifest', 'carried/manifest.txt'];
    expect(answer('latticra-os-image-artifact-manifest-validate', ...bundle)).toMatch(booted);
    const [record = ''] = readdirSync(join(folder, 'carried/boot-records'));
    appendFileSync(join(folder, 'carried/boot-records', record, 'serial.log'), 'more\n');
    const { status, stdout, stderr } = run('latticra-os-image-artifact-manifest-validate', ...bundle);
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toContain(`boot-records/${record}/serial.log`);
  },
  180_000,
);
