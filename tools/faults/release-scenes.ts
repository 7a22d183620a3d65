// SPDX-License-Identifier: Apache-2.0
/** Scenes of the lanes of a release. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeRelease } from '../../packages/operator-bundle/test/release.js';
import { archive } from '../../packages/tar/test/archive.js';
import { INITRAMFS, KERNEL } from '../testing/images.js';
import type { Lab, Scene } from './scene.js';

const LANE = 'latticra-os-image';
const SOURCE = ['--source-commit', 'abcdef0'];

async function layRelease(folder: string): Promise<void> {
  await writeRelease(join(folder, 'in'), { signed: true, apart: true });
}

function layInputs(folder: string): void {
  const at = join(folder, 'in');
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'kernel'), KERNEL);
  writeFileSync(join(at, 'initramfs.img'), INITRAMFS);
  writeFileSync(join(at, 'rootfs.tar'), archive({ name: 'init', content: 'init' }));
}

const INPUTS = [...['--kernel', 'in/kernel', '--initramfs', 'in/initramfs.img', '--rootfs', 'in/rootfs.tar']];

async function layInputBundle(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('input-bundle', (at) => {
    layInputs(at);
    const recorded = join(at, 'in/bundle.txt');
    lab.run(
      at,
      'sh',
      '-c',
      `"$0" "$@" > '${recorded}'`,
      `${LANE}-input-bundle-from-files`,
      ...INPUTS,
      ...SOURCE,
      '--relative-to',
      'in',
    );
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

const FILES = [
  ...['--iso', 'in/iso/os.iso', '--iso-sbom', 'in/iso/sbom.json', '--iso-signature', 'in/keys/iso-signature'],
  ...['--vm-image', 'in/vm/os.qcow2', '--vm-format', 'qcow2', '--vm-sbom', 'in/vm/sbom.json'],
  ...['--vm-signature', 'unsigned-local', '--operator-recovery-path', 'in/docs/recovery.md'],
];

export const RELEASE_SCENES: readonly Scene[] = [
  { command: `${LANE}-artifact-manifest-template`, argv: [], leaves: 'nothing' },
  { command: `${LANE}-release-preflight`, argv: [], leaves: 'nothing' },
  { command: `${LANE}-toolchain-preflight`, argv: [], leaves: 'nothing' },
  {
    command: `${LANE}-artifact-manifest-from-files`,
    argv: [...FILES, ...SOURCE],
    leaves: 'nothing',
    lay: layRelease,
  },
  {
    command: `${LANE}-artifact-manifest-from-files`,
    variant: 'without --source-commit',
    argv: FILES,
    leaves: 'nothing',
    lay: layRelease,
    needs: ['git'],
  },
  {
    command: `${LANE}-artifact-manifest-validate`,
    argv: ['--artifact-manifest', 'in/manifest.txt'],
    leaves: 'nothing',
    lay: layRelease,
  },
  {
    command: `${LANE}-build-preflight`,
    argv: ['--input-manifest', 'in/bundle.txt', ...INPUTS],
    leaves: 'nothing',
    lay: layInputBundle,
  },
  {
    command: `${LANE}-input-bundle-from-files`,
    argv: [...INPUTS, ...SOURCE],
    leaves: 'nothing',
    lay: layInputs,
  },
  {
    command: `${LANE}-input-bundle-from-files`,
    variant: 'without --source-commit',
    argv: INPUTS,
    leaves: 'nothing',
    lay: layInputs,
    needs: ['git'],
  },
  {
    command: `${LANE}-input-bundle-validate`,
    argv: ['--input-manifest', 'in/bundle.txt'],
    leaves: 'nothing',
    lay: layInputBundle,
  },
  {
    command: `${LANE}-inspect`,
    argv: ['--file', 'in/vm/os.qcow2', '--digest'],
    leaves: 'nothing',
    lay: layRelease,
  },
  {
    command: `${LANE}-usb-write-command`,
    argv: ['--iso', 'in/iso/os.iso', '--device', '/dev/sdX', '--platform', 'linux'],
    leaves: 'nothing',
    lay: layRelease,
  },
  {
    command: `${LANE}-vm-test-command`,
    argv: ['--image', 'in/vm/os.qcow2', '--format', 'qcow2'],
    leaves: 'nothing',
    lay: layRelease,
  },
  {
    command: `${LANE}-operator-bundle-from-artifacts`,
    argv: ['--artifact-manifest', 'in/manifest.txt', '--vm-firmware', 'seabios', '--output-dir', 'out'],
    leaves: 'files',
    lay: layRelease,
  },
];
