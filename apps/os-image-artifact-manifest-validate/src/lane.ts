// SPDX-License-Identifier: Apache-2.0

import { resolve } from 'node:path';
import { requireRecords, type VerifiedRecord } from '@latticra/boot-cases/record';
import { escapeControls, type Section } from '@latticra/evidence-format';
import { bytesIn } from '@latticra/held-files';
import { defineLane, LaneError } from '@latticra/lane';
import {
  type ArtifactValidation,
  fixtureValidationDocument,
  inspectTracked,
  loadArtifactManifest,
  releaseFixture,
  validateArtifacts,
  validationDocument,
} from '@latticra/manifest';
import {
  bootEvidence,
  bootEvidenceSection,
  checksumsSignatureSection,
  isOperatorBundle,
  notDerivedSection,
  verifyOperatorBundle,
} from '@latticra/operator-bundle';
import { anyMachine, SIGNER_FLAGS, signersOf } from '@latticra/signature';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-artifact-manifest-validate',
  version,
  summary: 'measure again everything that an artifact manifest records',
  details: `
With --artifact-manifest: parses the manifest strictly, reads each file it names once, compares digests and
formats, checks that each SBOM obeys SPDX 2.3 and lists its image, and says whether an operator can review it
and, if not, what is missing. Relative paths start at the manifest's own folder, and every path has to lead to a
file there or below, unless --allow-outside is given. A mismatch or a missing file
is an error and prints no report. Beside a file that only an operator bundle has it verifies the whole bundle: every
file, its SHA256SUMS, every document by making it again, its records of boots, the evaluation that it carries, and what else lies there.
With --boot-records as well: verifies every record of a boot in the folders of that folder again, from its log, and lists under
[boot_evidence] in which cases each image booted, was refused, or failed, by its digest. Records of other images are
counted. A record that does not hold is an error. No record makes an image ready.
With --allowed-signers every image has to have a signature by a key of that list, at --verify-time, and by --signer where one is
named: its status is then verified, with whose key it was, and anything else is an error; each record of a boot has to be signed
by one of them as well, for latticra-boot. Without it a signature is there, and unverified.
Without --artifact-manifest: reports what the release fixture says of candidates.`,
  examples: [
    '',
    '--artifact-manifest artifacts/os-images/local-candidate/manifest.txt',
    '--artifact-manifest manifest.txt --boot-records build/boot-matrix/records',
    '--artifact-manifest manifest.txt --allowed-signers allowed-signers --signer release@example.org',
  ],
  fixture: releaseFixture,
  flags: {
    'artifact-manifest': { value: 'path', help: 'the artifact manifest of the release' },
    'boot-records': {
      value: 'path',
      placeholder: 'folder',
      help: 'records of boots of the images, as latticra-boot-matrix leaves them',
    },
    ...SIGNER_FLAGS,
    'allow-outside': {
      value: 'none',
      help: "take files outside of the manifest's folder as well",
    },
  },
  async run(context) {
    const { flags, fixture, manifestPath, cwd, env, progress } = context;
    const path = flags['artifact-manifest'];
    const folder = flags['boot-records'];
    if (path === undefined) {
      for (const name of ['boot-records', 'allowed-signers'] as const) {
        if (flags[name] !== undefined)
          throw new LaneError('usage', `--${name}: goes with --artifact-manifest only`);
      }
      await signersOf(flags, cwd);
      return fixtureValidationDocument(manifestPath, fixture);
    }
    const signers = await signersOf(flags, cwd);
    const records =
      folder === undefined
        ? undefined
        : await requireRecords(resolve(cwd, folder), { signers: anyMachine(signers) });
    const loaded = await loadArtifactManifest(path, cwd);
    if (await isOperatorBundle(loaded.folder)) {
      // A bundle says of every file in it what it has to be, so all of it is checked, not the images alone.
      const added: string[] = [];
      const bundle = await progress.track(
        `verifying ${loaded.folder}`,
        (onBytes) =>
          verifyOperatorBundle(loaded.folder, {
            onBytes,
            signers,
            env,
            signal: context.signal,
            onAdded: (name) => added.push(name),
          }),
        () => bytesIn(loaded.folder),
      );
      const all = bundle.records.length === 0 ? records : [...bundle.records, ...(records ?? [])];
      const document = validationDocument(manifestPath, { ...bundle, loaded }, evidenceOf(bundle, all));
      return {
        ...document,
        sections: [
          ...document.sections,
          ...checksumsSignatureSection(bundle.checksumsSignature),
          ...notDerivedSection(bundle, undefined),
          ...addedSection(added),
        ],
      };
    }
    const inspect = inspectTracked(progress);
    const validation = await validateArtifacts(loaded, {
      inspect: (artifact, _, hashes) => inspect(artifact, hashes),
      signers,
      allowOutside: flags['allow-outside'],
      signal: context.signal,
    });
    return validationDocument(manifestPath, validation, evidenceOf(validation, records));
  },
});

/** Makes the section of what records show of the images; none where no records were given. */
function evidenceOf(
  validation: ArtifactValidation,
  records: readonly VerifiedRecord[] | undefined,
): Section[] {
  return records === undefined ? [] : [bootEvidenceSection(bootEvidence(validation, records))];
}

/**
 * Makes a section of the files that lie in a bundle's folder without being part of it, such as a serial log. They are
 * named, and not judged.
 */
function addedSection(names: readonly string[]): Section[] {
  if (names.length === 0) return [];
  const fields = names.map((name, index) => ({
    key: `added_${String(index + 1).padStart(2, '0')}`,
    value: escapeControls(name),
  }));
  return [{ name: 'not_part_of_the_bundle', fields }];
}
