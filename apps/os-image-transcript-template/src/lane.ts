// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { TRANSCRIPT_KINDS, transcriptTemplateDocument } from '@latticra/promotion';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-transcript-template',
  version,
  summary: 'show the form of a transcript of work on hardware, to be filled in',
  details: `
Prints what a transcript has to say, line by line in its order, each with what has to stand there. The person who did the work
fills it in, puts the log of the terminal beside it, and signs it; latticra-os-image-transcript-record does the same from a log.
Writes nothing.`,
  examples: ['--kind usb-write', '--kind install --json'],
  fixture: releaseFixture,
  flags: {
    kind: { value: 'choice', choices: TRANSCRIPT_KINDS, required: true, help: 'what the transcript is of' },
  },
  async run({ flags, manifestPath }) {
    return transcriptTemplateDocument(manifestPath, flags.kind);
  },
});
