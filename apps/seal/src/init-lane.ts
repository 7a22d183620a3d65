// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { defineLane, LaneError } from '@latticra/lane';
import {
  type Initiated,
  initManifest,
  type ProjectIdentity,
  SEAL_FILES,
  SealError,
} from '@latticra/seal-integrity';
import { version } from '../package.json';
import { exits } from './exits.js';
import { ROOT_FLAG, rootOf } from './flags.js';

export const initLane = defineLane({
  bin: 'latticra-seal init',
  version,
  summary: 'write a latticra.seal for this project',
  details: `
Writes a manifest that excludes what tools make here, and links, and requires the README, the license and itself.
Opens no file but those that mark caches and environments, and replaces no manifest. Then run latticra-seal check: it passes unless a WARN says what is to be
seen to first, or a file holds what none may, or cannot be read.`,
  examples: [
    '--project-id demo --project-name Demo --project-version 1.0 --repository https://example.org/demo --license MIT',
  ],
  exits,
  flags: {
    ...ROOT_FLAG,
    'project-id': { value: 'text', required: true, placeholder: 'id', help: 'what --expect-id can ask for' },
    'project-name': { value: 'text', required: true, placeholder: 'name', help: 'the name for people' },
    'project-version': { value: 'text', required: true, placeholder: 'version', help: 'the version' },
    repository: { value: 'text', required: true, placeholder: 'url', help: 'where the source is' },
    license: { value: 'text', required: true, placeholder: 'id', help: 'the license, as an SPDX expression' },
  },
  async run({ flags, cwd }) {
    const { manifest, obstacles, notes } = await init(
      {
        name: flags['project-name'],
        id: flags['project-id'],
        version: flags['project-version'],
        repository: flags.repository,
        license: flags.license,
        description: undefined,
      },
      rootOf({ flags, cwd }),
    );
    const lines = [
      `PASS: ${SEAL_FILES.manifest} was written, without ${manifest.exclude.join(', ')}`,
      ...obstacles.map((reason) => `WARN: ${reason}; a check fails until that is gone, or is excluded`),
      ...notes.map((note) => `WARN: ${note}`),
      'STATUS: PASS',
    ];
    return {
      text: `${lines.map(escapeControls).join('\n')}\n`,
      json: `${JSON.stringify({ manifest: SEAL_FILES.manifest, exclude: manifest.exclude, warnings: obstacles, notes }, null, 2)}\n`,
    };
  },
});

/**
 * Writes the manifest.
 * @throws LaneError `usage` for a flag's value that no manifest can hold, and as `initManifest`
 */
async function init(project: ProjectIdentity, root: string): Promise<Initiated> {
  try {
    return await initManifest(project, { root });
  } catch (cause) {
    if (!(cause instanceof SealError) || cause.code !== 'manifest') throw cause;
    throw new LaneError('usage', cause.message, { cause });
  }
}
