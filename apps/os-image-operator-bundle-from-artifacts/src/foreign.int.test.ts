// SPDX-License-Identifier: Apache-2.0
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyOperatorBundle } from '@latticra/operator-bundle';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { spdxOf } from '../../../packages/operator-bundle/test/release.js';
import { buildSbom, formatSbom } from '../../../packages/sbom/src/index.js';
import { GUEST_EXIT_CODE } from '../../../tools/testing/guest.js';
import { documentValues, type LaneResult, tryLane } from '../../../tools/testing/lane.js';
import { haveTools, itWith } from '../../../tools/testing/tools.js';
import { lane as fromFiles } from '../../os-image-artifact-manifest-from-files/src/lane.js';
import { lane as validate } from '../../os-image-artifact-manifest-validate/src/lane.js';
import { lane as usbCommand } from '../../os-image-usb-write-command/src/lane.js';
import { lane as vmCommand } from '../../os-image-vm-test-command/src/lane.js';
import { FOREIGN_TEXT, FOREIGN_TOOLS, makeForeignDisk, makeForeignIso } from '../test/foreign.js';
import { lane as bundle } from './lane.js';

const TOOLS = [...FOREIGN_TOOLS, 'qemu-system-x86_64'];
const OVMF = '/usr/share/OVMF/OVMF_CODE_4M.fd';

/** Made once: the images, and a `sudo` that becomes nobody else. */
let made: string;
beforeAll(() => {
  made = mkdtempSync(join(tmpdir(), 'foreign-images-'));
  if (!haveTools(...TOOLS)) return;
  makeForeignIso(made, 'image.iso');
  makeForeignDisk(made, 'image.qcow2', 'qcow2');
  makeForeignDisk(made, 'image.raw', 'raw');
  mkdirSync(join(made, 'bin'));
  writeFileSync(join(made, 'bin/sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
});
afterAll(() => rmSync(made, { recursive: true }));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'foreign-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** Returns what a lane printed, which must have succeeded. */
async function answer(result: Promise<LaneResult>): Promise<string> {
  const { status, stdout, stderr } = await result;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** Runs a printed line as an operator would, inside `folder`. */
function sh(line: string | undefined, folder: string): SpawnSyncReturns<string> {
  const env = { PATH: `${made}/bin:${process.env.PATH}` };
  return spawnSync('sh', ['-c', line ?? 'false'], { cwd: folder, env, encoding: 'utf8', timeout: 55_000 });
}

/** Runs the QEMU command of a VM test document inside `folder`; returns what its guest wrote. */
function boot(document: string, folder: string): string {
  const { qemu_test_command, serial_log_path, vm_test_command_ready } = documentValues(document);
  expect(vm_test_command_ready).toBe('1');
  const { status, stderr } = sh(qemu_test_command, folder);
  expect({ status, stderr }).toEqual({ status: GUEST_EXIT_CODE, stderr: '' });
  return readFileSync(join(folder, serial_log_path ?? ''), 'latin1');
}

/** Makes an SBOM that lists `bytes` as the only file of a package. */
function fileSbom(bytes: Uint8Array): string {
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  const file = { id: 'disk', name: './disk', sha1: hash('sha1'), sha256: hash('sha256'), size: bytes.length };
  const content = { id: 'image', name: 'foreign', files: [{ ...file, types: ['BINARY'] as const }] };
  const document = { name: 'foreign', created: '2026-01-01T00:00:00Z', tool: { name: 't', version: '1' } };
  return formatSbom(buildSbom({ ...document, describes: ['image'], packages: [content] }));
}

interface Release {
  /** Where the release lies, its ISO and its VM image; the last ends in its format. */
  readonly folder: string;
  readonly iso: string;
  readonly vm: string;
  /** Further arguments of the bundle lane. */
  readonly firmware: readonly string[];
}

/**
 * Takes foreign images through the lanes, as an operator would who has them in a folder; returns the bundle, moved.
 */
async function bundleOf({ folder, iso, vm, firmware }: Release): Promise<string> {
  const at = join(cwd, folder);
  const format = vm.endsWith('.raw') ? 'raw' : 'qcow2';
  mkdirSync(at);
  copyFileSync(join(made, 'image.iso'), join(at, iso));
  copyFileSync(join(made, `image.${format}`), join(at, vm));
  // A scanner writes packages with a checksum and looks into none; another tool lists files.
  const isoDigest = createHash('sha256')
    .update(readFileSync(join(at, iso)))
    .digest('hex');
  writeFileSync(join(at, 'iso, scanned.json'), spdxOf(isoDigest));
  writeFileSync(join(at, 'vm.json'), fileSbom(readFileSync(join(at, vm))));
  writeFileSync(join(at, 'runbook.md'), '# When it does not start\n');
  const manifest = await answer(
    tryLane(
      fromFiles,
      [
        ...[`--iso=${iso}`, '--iso-signature=unsigned-local', '--iso-sbom=iso, scanned.json'],
        ...[
          `--vm-image=${vm}`,
          `--vm-format=${format}`,
          '--vm-signature=unsigned-local',
          '--vm-sbom=vm.json',
        ],
        ...['--operator-recovery-path=runbook.md', '--source-commit=unknown', '--relative-to=.'],
      ],
      { cwd: at },
    ),
  );
  writeFileSync(join(at, 'manifest.txt'), manifest);
  const named = `--artifact-manifest=${folder}/manifest.txt`;
  const validation = documentValues(await answer(tryLane(validate, [named], { cwd })));
  expect(validation).toMatchObject({
    artifact_manifest_ready_for_operator_review: '1',
    iso_checksum_verified_by_validator: '1',
    vm_image_checksum_verified_by_validator: '1',
  });
  await answer(tryLane(bundle, [named, `--output-dir=${folder} out`, ...firmware], { cwd }));
  const moved = join(cwd, `moved, ${folder}`);
  renameSync(join(cwd, `${folder} out`), moved);
  rmSync(at, { recursive: true });
  await verifyOperatorBundle(moved);
  return moved;
}

const seabios = ['--vm-firmware=seabios'];
const uefi = ['--vm-firmware=uefi', '--uefi-firmware=auto', '--serial-log=logs, of $1/s.log'];

describe('images of others, from files to a bundle whose commands do what they say', () => {
  const RELEASES: Release[] = [
    { folder: 'plain', iso: 'foreign-1.0.iso', vm: 'foreign-1.0.qcow2', firmware: seabios },
    {
      folder: "it's $HOME, `id`",
      iso: '-a "b" $c;,d:\'e\'.iso',
      vm: '-rf $x, "y",readonly=off.qcow2',
      firmware: seabios,
    },
    { folder: 'Übersicht: 日本', iso: 'größe: 日本語.iso', vm: 'nbd:日本,,é .raw', firmware: seabios },
    { folder: 'a % b\\n', iso: '#1 & *?.iso', vm: 'fat:rw:[1] ~.qcow2', firmware: uefi },
  ];
  for (const release of RELEASES) {
    const byUefi = release.firmware === uefi;
    itWith(
      [...TOOLS, ...(byUefi ? [OVMF] : [])],
      `the bundle of ${release.iso} and ${release.vm} boots as printed`,
      async () => {
        const folder = await bundleOf(release);
        const document = readFileSync(join(folder, 'vm-test-command.txt'), 'utf8');
        expect(boot(document, folder)).toContain(byUefi ? FOREIGN_TEXT.diskUefi : FOREIGN_TEXT.diskBios);
        const asCd = [`--image=${release.iso}`, '--format=iso', '--serial-log=cd.log'];
        expect(boot(await answer(tryLane(vmCommand, asCd, { cwd: folder })), folder)).toContain(
          FOREIGN_TEXT.isoKernel,
        );
      },
    );
  }

  itWith([...TOOLS, 'dd', 'head', 'cmp'], 'a stick that was written as printed starts', async () => {
    const iso = "the 'iso', $1.iso";
    const folder = await bundleOf({ folder: 'usb', iso, vm: 'disk.raw', firmware: seabios });
    const values = documentValues(
      await answer(
        tryLane(usbCommand, [`--iso=${iso}`, '--device=/dev/sdX', '--platform=linux'], { cwd: folder }),
      ),
    );
    const bundled = documentValues(readFileSync(join(folder, 'usb-write-linux.txt'), 'utf8'));
    expect(values.usb_write_command_ready).toBe('1');
    expect(values).toEqual({ ...bundled, manifest_path: values.manifest_path });
    const size = Number(values.iso_size_bytes);
    writeFileSync(join(folder, 'stick.raw'), '');
    truncateSync(join(folder, 'stick.raw'), 4 * size);
    const onStick = (line = '') => sh(line.replace('/dev/sdX', 'stick.raw'), folder);
    expect(onStick(values.post_write_verify_command).status).toBe(1);
    // dd truncates a file where it would not truncate a device.
    expect(onStick(`${values.usb_write_command} conv=notrunc`).status).toBe(0);
    expect(onStick(values.post_write_verify_command)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const asDisk = ['--image=stick.raw', '--format=raw', '--serial-log=stick.log'];
    expect(boot(await answer(tryLane(vmCommand, asDisk, { cwd: folder })), folder)).toContain(
      FOREIGN_TEXT.isoKernel,
    );
  });
});
