// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { documentToJson, formatDocument } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { checkSbom, MAX_SBOM_BYTES } from '@latticra/sbom/check';
import { version } from '../package.json';
import { checkDocument } from './document.js';

export const lane = defineLane({
  bin: 'latticra-os-image-sbom-check',
  version,
  summary: 'check an SPDX 2.3 document by the clauses of the standard',
  details: `
Reads any SPDX 2.3 document in its JSON form and prints all that is to be said of it, by clause and place: errors, which
make it invalid and end the lane with 65, and advice, which does not. Of each at most 100 are shown, and how many there
were beyond.`,
  examples: ['sbom.spdx.json', 'sbom.spdx.json --json'],
  fixture: releaseFixture,
  flags: {
    sbom: {
      value: 'path',
      required: true,
      operand: true,
      placeholder: 'spdx.json',
      help: 'the document',
    },
  },
  async run({ flags, cwd, manifestPath }) {
    const { bytes, sha256 } = await readStableFile(resolve(cwd, flags.sbom), { maxBytes: MAX_SBOM_BYTES });
    const check = checkSbom(bytes);
    const document = checkDocument(check, { manifestPath, path: flags.sbom, sha256, size: bytes.length });
    return { text: formatDocument(document), json: documentToJson(document), status: check.valid ? 0 : 65 };
  },
});
