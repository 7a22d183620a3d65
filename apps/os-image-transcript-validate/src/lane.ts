// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { transcriptValidationDocument, validateTranscript } from '@latticra/promotion';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-transcript-validate',
  version,
  summary: 'hold a transcript against its log and its signature',
  details: `
Reads a transcript and the log beside it. Every line has to be filled in, the times have to be in order, and the log has to be the one
that the transcript names, and to show the digest of the image, the serial numbers of device and machine, and the command. A log of
script(1) has to have been made within the times of the transcript. With --allowed-signers it has to be signed by its operator, and to be of work that was done by then.
Whatever does not hold is exit code 65, with its name.`,
  examples: [
    '--transcript evidence/usb-write.txt',
    '--transcript evidence/usb-write.txt --allowed-signers allowed_signers',
  ],
  fixture: releaseFixture,
  flags: {
    transcript: { value: 'path', required: true, help: 'the transcript, with its log in the same folder' },
    ...SIGNER_FLAGS,
  },
  async run({ flags, cwd, manifestPath }) {
    const signers = await signersOf(flags, cwd);
    return transcriptValidationDocument(manifestPath, validateTranscript(flags.transcript, cwd, signers));
  },
});
