// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { loadPins } from '@latticra/attestation';
import { defineLane } from '@latticra/lane';
import { checkSourceTag, releaseFixture } from '@latticra/manifest';
import { evidenceIn } from '@latticra/operator-bundle';
import { evaluatePromotion, evaluationDocument, POLICY_FLAGS, readPolicy } from '@latticra/promotion';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-promotion-evaluate',
  version,
  summary: 'say what a folder of evidence shows, field by field',
  details: `
Derives each field of a promotion from evidence that is verified again now: images are taken apart, boots judged by their logs, SBOMs
checked, transcripts held against their logs, signatures verified. A file is what its content says, whatever its name; what is malformed
is named, and the other fields are answered all the same. Evidence of another image counts for nothing, and the same evidence never
twice. Attestations of a pinned pair of builder and key tell tag, environment and command. What asks for a review by its name, and with --reviews every field, needs the approval of somebody who may review and did not
build it. An operator bundle may be named in place of a folder: then the evidence is what the bundle carries, with the images where they lie in it.
For each field that is not satisfied it prints what to type next. It promotes nothing: a person changes the fixture.`,
  examples: [
    '--evidence-dir evidence',
    '--evidence-dir evidence --reviews reviews --allowed-signers allowed_signers',
    '--evidence-dir evidence --allowed-signers allowed_signers --pins builders.txt',
    '--evidence-dir operator-bundle --allowed-signers allowed_signers',
    '--evidence-dir evidence --artifact-manifest one/manifest.txt --json',
  ],
  fixture: releaseFixture,
  flags: {
    'evidence-dir': {
      value: 'path',
      required: true,
      placeholder: 'folder',
      help: 'all there is to show, or a bundle',
    },
    reviews: { value: 'path', placeholder: 'folder', help: 'reviews; every field then needs one' },
    ...POLICY_FLAGS,
    pins: {
      value: 'path',
      placeholder: 'file',
      help: 'builders whose provenance counts for tag, environment and command, a line each: <id> ssh-ed25519 <base64>',
    },
    'artifact-manifest': {
      value: 'path',
      help: 'the manifest of the release, in the folder of evidence, where that has several releases',
    },
    repository: {
      value: 'path',
      placeholder: 'folder',
      default: '.',
      help: 'the repository in which the tag has to stand for the commit, where it has that tag',
    },
  },
  async run({ flags, cwd, env, progress, signal }) {
    const read = await readPolicy(flags, cwd);
    const { reviews } = flags;
    const pinned =
      flags.pins === undefined ? undefined : await loadPins(resolve(cwd, flags.pins), flags.pins);
    const options = {
      ...read,
      pins: pinned?.pins,
      pinsSha256: pinned?.sha256,
      ...(await evidenceIn(resolve(cwd, flags['evidence-dir']))),
      reviewsDir: reviews === undefined ? undefined : resolve(cwd, reviews),
      artifactManifest: flags['artifact-manifest'],
      checkTag: (source: Parameters<typeof checkSourceTag>[0]) =>
        checkSourceTag(source, resolve(cwd, flags.repository), env),
      env,
      tracker: progress,
      signal,
    };
    return evaluationDocument(await evaluatePromotion(options), options);
  },
});
