// SPDX-License-Identifier: Apache-2.0
import { documentToJson, parseDocument } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { parseHashList, readArtifact, type Streamed } from '@latticra/seal-integrity';
import { version } from '../package.json';
import { exits } from './exits.js';
import { ROOT_FLAG, rootOf } from './flags.js';

const TEXT: Record<Streamed, { readonly bin: string; readonly summary: string }> = {
  report: { bin: 'latticra-seal report', summary: 'print the report of the last run' },
  hashList: { bin: 'latticra-seal hashes', summary: 'print the hash list of the last run that passed' },
};

/** Makes the lane of `report` or `hashes`. */
export function streamLane(which: Streamed) {
  return defineLane({
    ...TEXT[which],
    version,
    details: 'Prints the file in reports/ as it is, if it is whole. Makes nothing, not even the folder.',
    examples: ['', '--root ../project'],
    exits,
    flags: ROOT_FLAG,
    async run({ flags, cwd }) {
      const bytes = await readArtifact(which, { root: rootOf({ flags, cwd }) });
      const text = bytes.toString();
      const json = which === 'report' ? documentToJson(parseDocument(text)) : hashesToJson(bytes);
      return { text, json };
    },
  });
}

/** Writes paths to digests as JSON, in the order of the list: an object would put names that are numbers first. */
function hashesToJson(bytes: Buffer): string {
  const lines = parseHashList(bytes).map(
    ({ path, sha256 }) => `  ${JSON.stringify(path)}: ${JSON.stringify(sha256)}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}
