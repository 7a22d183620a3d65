// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { initManifest, SEAL_FILES } from '@latticra/seal-integrity';
import { version } from '../package.json';
import { exits } from './exits.js';
import { ROOT_FLAG, rootOf } from './flags.js';

export const initLane = defineLane({
  bin: 'latticra-seal init',
  version,
  summary: 'write a latticra.seal for this project',
  details: `
Writes a manifest that excludes what tools make here, and requires the README, the license and itself. Replaces
no manifest. Then run latticra-seal check.`,
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
    const { exclude } = await initManifest(
      {
        name: flags['project-name'],
        id: flags['project-id'],
        version: flags['project-version'],
        repository: flags.repository,
        license: flags.license,
        description: undefined,
      },
      { root: rootOf({ flags, cwd }) },
    );
    return {
      text: `PASS: ${SEAL_FILES.manifest} was written, without ${exclude.join(', ')}\nSTATUS: PASS\n`,
      json: `${JSON.stringify({ manifest: SEAL_FILES.manifest, exclude }, null, 2)}\n`,
    };
  },
});
