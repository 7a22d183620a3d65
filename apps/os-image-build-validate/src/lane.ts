// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { seedBuildRecord, seedValidationDocument, validateSeedBuild } from '@latticra/boot-seed';
import {
  type EvidenceDocument,
  fields,
  MAX_DOCUMENT_BYTES,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { defineLane } from '@latticra/lane';
import { releaseValidationDocument, validateRelease } from '@latticra/linux-release';
import { checkSourceTag, releaseFixture } from '@latticra/manifest';
import {
  checkRecordSignature,
  NAMESPACES,
  type RecordSignature,
  SIGNER_FLAGS,
  type SignerPolicy,
  signersOf,
} from '@latticra/signature';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-build-validate',
  version,
  summary: 'measure a build of a Linux system, or of the boot seed, and take it apart again',
  details: `
Believes nothing of the record: opens each image as firmware and kernel would, finds what UEFI and a BIOS start in it, verifies
the root block by block against the hash on the command line, and makes everything that follows from kernel, initramfs and
root again: helper, unified kernel image, images, manifest and SBOM have to be the same to the last byte. With --inputs the inputs
that the record names are measured, and the release is built again from them, in a private folder that is gone afterwards.
A record of the boot seed's builders is taken in the same way: kernel, loaders and GRUB's configuration are found in the ISO or the
disk, and the recorded command is repeated; with --inputs the kernel that was given is measured. What GRUB made takes the same GRUB.
A tag that the record names has to stand for the recorded commit in the repository of the current folder, where that has it.
With --allowed-signers the signature beside the record, os-image-build.txt.sig, has to be one of theirs for latticra-build.
What is not as it has to be ends it with 65, and there is no report.`,
  examples: [
    '--build-record artifacts/os-images/local-candidate/os-image-build.txt',
    '--build-record artifacts/os-images/1.0/os-image-build.txt --inputs',
    '--build-record build/boot-seed/boot-seed-build-record.txt',
  ],
  fixture: releaseFixture,
  flags: {
    'build-record': {
      value: 'path',
      required: true,
      help: 'os-image-build.txt, in the folder of its release; or the record of a boot seed, in its folder',
    },
    inputs: {
      value: 'none',
      help: 'build the release again from the inputs, whose paths start at the current folder',
    },
    ...SIGNER_FLAGS,
  },
  async run({ flags, cwd, env, manifestPath, progress, signal }) {
    const path = flags['build-record'];
    const policy = await signersOf(flags, cwd);
    const choice = { path, resolvedPath: resolve(cwd, path), inputsFrom: flags.inputs ? cwd : undefined };
    if (await isOfSeed(choice.resolvedPath)) {
      const validation = await progress.track(
        'taking the image apart',
        (onBytes) => validateSeedBuild({ ...choice, env, signal, onBytes }),
        undefined,
      );
      const tag = await checkSourceTag(validation.record, cwd, env);
      const signed = await signatureFields(choice.resolvedPath, validation.sha256, policy);
      return withFields(
        seedValidationDocument(manifestPath, validation, tag === 'verified' ? 1 : tag),
        signed,
      );
    }
    const validation = await validateRelease({
      ...choice,
      tracker: progress,
      signal,
    });
    const tag = await checkSourceTag(validation.record, cwd, env);
    const signed = await signatureFields(choice.resolvedPath, validation.sha256, policy);
    return withFields(releaseValidationDocument(manifestPath, validation, tag), signed);
  },
});

/** Returns whether a file calls itself a record of the boot seed: what it is else, its own reader tells. */
async function isOfSeed(path: string): Promise<boolean> {
  const { bytes } = await readStableFile(path, { maxBytes: MAX_DOCUMENT_BYTES });
  return Buffer.from(bytes).toString('latin1').startsWith(`${seedBuildRecord.title}\n`);
}

/** Says whose signature lies beside a record. @throws SignatureError for one that is none of it, or of nobody who counts */
async function signatureFields(path: string, sha256: string, policy: SignerPolicy | undefined) {
  const found = await checkRecordSignature(
    { path, sha256, maxBytes: MAX_DOCUMENT_BYTES },
    NAMESPACES.build,
    policy,
  );
  return fields({
    build_record_signature: statusOf(found),
    build_record_signer: found?.signer?.principal ?? 'none',
    build_record_signing_key: found?.signature.key.fingerprint ?? 'none',
    signatures_verified_at: policy === undefined ? 'none' : policy.at.toISOString(),
  });
}

function statusOf(found: RecordSignature | undefined): string {
  if (found === undefined) return 'none';
  return found.signer === undefined ? 'by-an-unknown-key' : 'verified';
}

/** Puts fields before the claims of a report, which come last. */
function withFields(document: EvidenceDocument, added: EvidenceDocument['fields']): EvidenceDocument {
  const at = document.fields.findIndex(({ key }) => key in WITHHELD_AUTHORITY);
  return { ...document, fields: document.fields.toSpliced(at, 0, ...added) };
}
