// SPDX-License-Identifier: Apache-2.0
/** Scenes of the lanes that build the release of a Linux system, list what is in it, and take it apart. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeInputs } from '../../packages/linux-release/src/testing/release.js';
import { FIXED, privateFile } from '../../packages/signature/test/private-file.js';
import { BOOT_ISO } from '../testing/images.js';
import type { Lab, Scene } from './scene.js';

const LANE = 'latticra-os-image';
/** The parts of a system, as {@link layKeyed} lays them. */
export const INPUTS = ['--kernel', 'in/vmlinuz', '--initramfs', 'in/initrd.img', '--rootfs', 'in/rootfs.tar'];
/** What a build is told of where its parts are from. */
export const LABELS = [
  '--source-commit',
  'abcdef0'.padEnd(40, '0'),
  '--build-environment',
  'a test',
  '--build-id',
  'fault.1',
];
const SBOM = ['--rootfs', 'in/rootfs.tar.gz', '--kernel', 'in/vmlinuz', '--source-commit', 'abcdef0'];
const RECORD = 'in/os/os-image-build.txt';

const layInputs = (folder: string): void => writeInputs(join(folder, 'in'));

/** Lays a release beside its inputs. */
export async function layBuilt(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('system', (at) => {
    layInputs(at);
    lab.run(at, `${LANE}-build`, ...INPUTS, ...LABELS, '--output-dir', 'in/os');
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

const IMAGE = ['--artifact', 'in/os/latticra-x86_64.iso'];

/** Lays a key that everybody has. */
function layKey(folder: string): void {
  writeFileSync(join(folder, 'in/key'), privateFile(), { mode: 0o600 });
  const { type, blob } = FIXED.publicKey;
  writeFileSync(join(folder, 'in/key.pub'), `${type} ${Buffer.from(blob).toString('base64')}\n`);
}

/** Lays the parts of a system, and a key that everybody has. */
export function layKeyed(folder: string): void {
  layInputs(folder);
  layKey(folder);
}

/** Lays a release with an attestation of its SBOM. */
async function layAttested(folder: string, lab: Lab): Promise<void> {
  await layBuilt(folder, lab);
  const made = await lab.once('attested', async (at) => {
    await layBuilt(at, lab);
    layKey(at);
    const what = ['--sbom', 'in/os/sbom.spdx.json', ...IMAGE];
    lab.run(at, `${LANE}-attest`, '--key', 'in/key', ...what, '--output-dir', 'in/attestations');
  });
  cpSync(join(made, 'in'), join(folder, 'in'), { recursive: true });
}

/** Lays an image, and a key that everybody has. */
function layImage(folder: string): void {
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in/key'), privateFile(), { mode: 0o600 });
  writeFileSync(join(folder, 'os.iso'), BOOT_ISO);
}

export const SYSTEM_SCENES: readonly Scene[] = [
  {
    command: `${LANE}-build`,
    argv: [...INPUTS, ...LABELS, '--output-dir', 'out'],
    leaves: 'files',
    lay: layInputs,
  },
  {
    command: `${LANE}-build`,
    variant: '--dry-run',
    argv: [...INPUTS, ...LABELS, '--dry-run'],
    leaves: 'nothing',
    lay: layInputs,
  },
  {
    command: `${LANE}-build-validate`,
    argv: ['--build-record', RECORD],
    leaves: 'nothing',
    lay: layBuilt,
  },
  {
    command: `${LANE}-build-validate`,
    variant: '--inputs',
    argv: ['--build-record', RECORD, '--inputs'],
    // In a folder of its own, of which nothing stays.
    leaves: 'files',
    lay: layBuilt,
  },
  {
    command: `${LANE}-build`,
    variant: '--sign-key',
    argv: [...INPUTS, ...LABELS, '--root', 'verity', '--sign-key', 'in/key', '--output-dir', 'out'],
    leaves: 'files',
    lay: layKeyed,
  },
  {
    command: `${LANE}-attest`,
    argv: ['--key', 'in/key', '--build-record', RECORD, '--output-dir', 'out'],
    leaves: 'files',
    lay: async (folder, lab) => {
      await layBuilt(folder, lab);
      layKey(folder);
    },
  },
  {
    command: `${LANE}-attest-verify`,
    argv: ['--attestation', 'in/attestations/sbom.dsse.json', '--trusted-key', 'in/key.pub', ...IMAGE],
    leaves: 'nothing',
    lay: layAttested,
  },
  { command: `${LANE}-sbom`, argv: SBOM, leaves: 'nothing', lay: layInputs },
  {
    command: `${LANE}-sbom`,
    variant: '--output',
    argv: [...SBOM, '--output', 'sbom.spdx.json'],
    leaves: 'files',
    lay: layInputs,
    replaces: true,
  },
  {
    command: `${LANE}-sign`,
    argv: ['--artifact', 'os.iso', '--key', 'in/key'],
    leaves: 'files',
    lay: layImage,
    needs: ['ssh-keygen'],
  },
  {
    command: `${LANE}-sign`,
    variant: '--unsigned-local',
    argv: ['--artifact', 'os.iso', '--unsigned-local', '--reason', 'a build for this machine'],
    leaves: 'files',
    lay: layImage,
  },
  {
    command: `${LANE}-sbom-check`,
    argv: ['in/os/sbom.spdx.json'],
    leaves: 'nothing',
    lay: layBuilt,
  },
];
