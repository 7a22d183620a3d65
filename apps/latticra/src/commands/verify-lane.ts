// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { escapeControls, fields, formatDigest, READINESS_CLAIMS } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { type VerifiedBundle, verifyOperatorBundle } from '@latticra/operator-bundle';
import { version } from '../../package.json';

export const lane = defineLane({
  bin: 'latticra verify',
  version,
  summary: "check every file of an operator's bundle",
  details: `
Reads every file of the bundle once, wherever it lies now: each has its checksum, the manifest holds, every document is made
again and compared byte for byte, and every record of a boot is judged again from its log. A file that is missing, was changed or
is a link ends it with 65 and the file's name. A file that was added, such as a serial log, is told and not judged.

It says that the bundle is what it was made as. Who made it is not in question here: compare its digests with
those that you were told by another way.`,
  examples: ['operator-bundle', 'operator-bundle --json'],
  flags: {
    bundle: {
      value: 'path',
      placeholder: 'folder',
      required: true,
      operand: true,
      help: 'the folder of the bundle',
    },
  },
  async run({ flags, cwd, progress }) {
    const added: string[] = [];
    const bundle = await progress.track(`verifying ${flags.bundle}`, (onBytes) =>
      verifyOperatorBundle(resolve(cwd, flags.bundle), { onBytes, onAdded: (name) => added.push(name) }),
    );
    return verificationDocument(flags.bundle, bundle, added);
  },
});

function verificationDocument(
  folder: string,
  { manifest, records }: VerifiedBundle,
  added: readonly string[],
) {
  const { iso, vmImage } = manifest;
  return {
    title: 'LATTICRA OS IMAGE OPERATOR BUNDLE VERIFICATION',
    fields: fields({
      bundle_verified: 1,
      bundle_dir: folder,
      artifact_version: manifest.artifactVersion,
      source_commit: manifest.sourceCommit,
      iso_artifact_sha256: iso === undefined ? 'none' : formatDigest(iso.sha256),
      vm_image_sha256: vmImage === undefined ? 'none' : formatDigest(vmImage.sha256),
      boot_records: records.length,
      files_added: added.length,
      ...READINESS_CLAIMS,
    }),
    sections:
      added.length === 0
        ? []
        : [
            {
              name: 'not_part_of_the_bundle',
              fields: added.map((name, index) => ({
                key: `added_${String(index + 1).padStart(2, '0')}`,
                value: escapeControls(name),
              })),
            },
          ],
  };
}
