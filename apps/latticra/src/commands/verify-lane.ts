// SPDX-License-Identifier: Apache-2.0

import { resolve } from 'node:path';
import { escapeControls, fields, flag, formatDigest, READINESS_CLAIMS } from '@latticra/evidence-format';
import { bytesIn } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import {
  checksumsSignatureSection,
  notDerivedSection,
  type VerifiedBundle,
  verifyOperatorBundle,
} from '@latticra/operator-bundle';
import { SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../../package.json';
import { bundlePage } from '../steps/bundle-page.js';

export const lane = defineLane({
  bin: 'latticra verify',
  version,
  summary: "check every file of an operator's bundle",
  details: `
Reads every file of the bundle once, wherever it lies now: each has its checksum, the manifest holds, every document is made
again and compared byte for byte, and every record of a boot is judged again from its log. Where it carries what the release was promoted
by, the evaluation is derived again from that, and ends it with 65 and the first line that differs. A file that is missing, was changed or
is a link ends it with 65 and the file's name. A document or page that another version made and this one makes otherwise is told as
not derived where SHA256SUMS was signed by an allowed signer, and ends it with 65 where nobody vouches for it. A file that was added, such as a serial log, is told and not judged.

It says that the bundle is what it was made as. With --allowed-signers it says who made it: SHA256SUMS and every image have to be
signed by one of them. Without, compare its digests with those that you were told by another way.`,
  examples: [
    'operator-bundle',
    'operator-bundle --json',
    'operator-bundle --allowed-signers allowed-signers --signer release@example.org',
  ],
  flags: {
    bundle: {
      value: 'path',
      placeholder: 'folder',
      required: true,
      operand: true,
      help: 'the folder of the bundle',
    },
    ...SIGNER_FLAGS,
  },
  async run({ flags, cwd, env, signal, progress }) {
    const added: string[] = [];
    const signers = await signersOf(flags, cwd);
    const bundle = await progress.track(
      `verifying ${flags.bundle}`,
      (onBytes) =>
        verifyOperatorBundle(resolve(cwd, flags.bundle), {
          onBytes,
          signers,
          requireSignature: signers !== undefined,
          page: bundlePage,
          env,
          signal,
          onAdded: (name) => added.push(name),
        }),
      () => bytesIn(resolve(cwd, flags.bundle)),
    );
    return verificationDocument(flags.bundle, bundle, added);
  },
});

/** The evaluation that a bundle carries. */
const EVALUATION = 'promotion/promotion-evaluation.txt';

function verificationDocument(folder: string, bundle: VerifiedBundle, added: readonly string[]) {
  const { manifest, records, promotion, documents, page, checksumsSignature, keysProveNothing } = bundle;
  const isEvaluationKnown = documents.status === 'derived-again' || !documents.names.includes(EVALUATION);
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
      checksums_signature_status: checksumsSignature.status,
      keys_prove_nothing: flag(keysProveNothing),
      promotion_evaluation:
        promotion === undefined ? 'none' : isEvaluationKnown ? 'derived-again' : 'not-derived-again',
      promotion_fields_held:
        promotion === undefined ? 'none' : isEvaluationKnown ? promotion.held : 'unknown',
      page: page.status,
      page_version: page.version ?? 'none',
      documents: documents.status,
      documents_version: documents.version ?? 'none',
      ...READINESS_CLAIMS,
    }),
    sections: [
      ...checksumsSignatureSection(checksumsSignature),
      ...notDerivedSection(bundle, version),
      ...(added.length === 0
        ? []
        : [
            {
              name: 'not_part_of_the_bundle',
              fields: added.map((name, index) => ({
                key: `added_${String(index + 1).padStart(2, '0')}`,
                value: escapeControls(name),
              })),
            },
          ]),
    ],
  };
}
