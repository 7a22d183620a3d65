// SPDX-License-Identifier: Apache-2.0
import { fields, formatDigest } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { loadManifest, withRoot } from '@latticra/seal-integrity';
import { version } from '../package.json';
import { exits } from './exits.js';
import { ROOT_FLAG, rootOf } from './flags.js';

export const manifestLane = defineLane({
  bin: 'latticra-seal manifest',
  version,
  summary: 'read latticra.seal, and say what it says',
  details: 'Parses the manifest by all its rules. Reads nothing else and writes nothing.',
  examples: ['', '--root ../project'],
  exits,
  flags: ROOT_FLAG,
  async run({ flags, cwd }) {
    const { manifest, sha256 } = await withRoot({ root: rootOf({ flags, cwd }) }, loadManifest);
    const { project } = manifest;
    const list = (name: string, values: readonly string[]) => ({
      name,
      fields: values.map((value, index) => ({ key: `n${String(index + 1).padStart(6, '0')}`, value })),
    });
    return {
      title: 'LATTICRA SEAL MANIFEST',
      fields: fields({
        project_name: project.name,
        project_id: project.id,
        project_version: project.version,
        project_repository: project.repository,
        project_license: project.license,
        project_description: project.description ?? 'none',
        deny_contents: manifest.denyContents.length,
        manifest_sha256: formatDigest(sha256),
      }),
      sections: [
        list('exclude', manifest.exclude),
        list('required_files', manifest.requiredFiles),
        list('deny_filenames', manifest.denyFilenames),
      ],
    };
  },
});
