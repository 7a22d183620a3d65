// SPDX-License-Identifier: Apache-2.0
/** Scenes of what `latticra` tells over all lanes. */
import { cpSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { writeRelease } from '../../packages/operator-bundle/test/release.js';
import type { Lab, Scene } from './scene.js';

async function layBundle(folder: string, lab: Lab): Promise<void> {
  const made = await lab.once('operator bundle', async (at) => {
    await writeRelease(join(at, 'in'), { signed: true });
    lab.run(
      at,
      'latticra-os-image-operator-bundle-from-artifacts',
      ...['--artifact-manifest', 'in/manifest.txt', '--output-dir', 'bundle', '--vm-firmware', 'seabios'],
    );
  });
  cpSync(join(made, 'bundle'), join(folder, 'in'), { recursive: true });
}

/** A release says in its state how far it is. */
const mayRelease = (path: string, content: string | undefined) =>
  content === undefined || (path === 'out/release.txt' && /^release_status=(running|failed)$/m.test(content));

export const COMMAND_SCENES: readonly Scene[] = [
  {
    command: 'latticra release',
    argv: ['--release', '1', '--iso', 'in/os.iso', '--vm-image', 'in/os.qcow2', '--output-dir', 'out'],
    leaves: 'files',
    lay: async (folder) => {
      await writeRelease(join(folder, 'in'), { signed: true });
      // So large that what they measure goes from one step to the next.
      for (const name of ['os.iso', 'os.qcow2']) truncateSync(join(folder, 'in', name), 2 << 20);
    },
    mayHold: mayRelease,
    tells: true,
    slow: true,
  },
  {
    command: 'latticra status',
    argv: ['in'],
    leaves: 'nothing',
    lay: async (folder) => {
      await writeRelease(join(folder, 'in'), { signed: true });
    },
  },
  { command: 'latticra verify', argv: ['in'], leaves: 'nothing', lay: layBundle },
  { command: 'latticra doctor', argv: [], leaves: 'nothing' },
  { command: 'latticra guard', argv: [], leaves: 'nothing', slow: true },
  { command: 'latticra lanes', argv: [], leaves: 'nothing' },
  { command: 'latticra completion', argv: ['bash'], leaves: 'nothing' },
];
