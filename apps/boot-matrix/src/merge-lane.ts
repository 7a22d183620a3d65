// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { mergeRecords } from '@latticra/boot-cases';
import { defineLane } from '@latticra/lane';
import { bootPreviewFixture } from '@latticra/manifest';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';

/** Makes one folder of what several computers recorded. */
export const mergeLane = defineLane({
  bin: 'latticra-boot-matrix merge',
  version,
  summary: 'bring the records of several folders into one',
  details: `
Verifies every record against the files beside it, then copies it to a folder named after its digest. Merging twice, or in
another order, gives the same; nothing is copied when one record does not hold, or a folder has none. Signatures go along; with
--allowed-signers every record has to have one of theirs.`,
  examples: ['--from machine-1/records machine-2/records --into records'],
  fixture: bootPreviewFixture,
  flags: {
    from: { value: 'paths', required: true, placeholder: 'folder', help: 'folders of records' },
    into: { value: 'path', required: true, placeholder: 'folder', help: 'the folder that takes them all' },
    ...SIGNER_FLAGS,
  },
  async run({ flags, cwd }) {
    const from = flags.from.map((folder) => resolve(cwd, folder));
    const { added, known } = await mergeRecords(from, resolve(cwd, flags.into), {
      signers: await signersOf(flags, cwd),
    });
    return {
      text: `${added.length} records added, ${known.length} known already\n`,
      json: `${JSON.stringify({ added: added.map(({ sha256 }) => sha256), known: known.map(({ sha256 }) => sha256) })}\n`,
    };
  },
});
