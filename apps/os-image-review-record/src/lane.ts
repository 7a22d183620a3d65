// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { recordReview, review, writeReview } from '@latticra/promotion';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-review-record',
  version,
  summary: 'record a review of artifacts and evidence, by their digests',
  details: `
Measures the artifacts that the manifest names and the evidence, and writes what the reviewer decided on these very bytes: a changed byte,
another version or another tag, and the review is of something else. It is signed with the reviewer's key for latticra-review; a
review counts where the list of allowed signers names the reviewer for that, and by somebody else than who built the release. In
a folder everything counts that could be understood; a folder with something that could not is not approved as a whole.
The review is written to --output, its signature beside it, and printed. A rejection outweighs every approval.`,
  examples: [
    '--artifact-manifest evidence/manifest.txt --evidence evidence --reviewer bob@example.org --decision approve --key bob --output reviews/bob.txt',
  ],
  fixture: releaseFixture,
  flags: {
    'artifact-manifest': {
      value: 'path',
      required: true,
      help: 'the manifest of the release that is reviewed',
    },
    evidence: { value: 'paths', help: 'files that were reviewed, or folders of them' },
    reviewer: { value: 'text', required: true, help: 'who decided, as the list of allowed signers says it' },
    decision: { value: 'choice', choices: ['approve', 'reject'], required: true, help: 'what was decided' },
    reason: { value: 'text', help: 'why, in a sentence' },
    'reviewed-at': { value: 'text', placeholder: 'time', help: 'when it was decided, in UTC (default: now)' },
    key: {
      value: 'path',
      placeholder: 'key',
      required: true,
      help: "the reviewer's private key, or the .pub file of one that an agent holds",
    },
    output: {
      value: 'path',
      placeholder: 'file',
      required: true,
      help: 'the file that is written, and beside it <file>.sig',
    },
  },
  async run({ flags, cwd, env, progress, signal, tell }) {
    const found = await recordReview({
      cwd,
      env,
      signal,
      tracker: progress,
      artifactManifest: flags['artifact-manifest'],
      evidence: flags.evidence,
      said: {
        reviewer: flags.reviewer,
        decision: flags.decision,
        reason: flags.reason,
        reviewedAt: flags['reviewed-at'] ?? `${new Date().toISOString().slice(0, 19)}Z`,
      },
    });
    const options = { cwd, env, signal, onStderr: tell };
    await writeReview(resolve(cwd, flags.output), found, resolve(cwd, flags.key), options);
    return review.document(found);
  },
});
