// SPDX-License-Identifier: Apache-2.0
/** The steps of a release that record what it consists of, and hold it to that. */
import type { VerifiedRecord } from '@latticra/boot-cases/record';
import { formatDocument } from '@latticra/evidence-format';
import { NONE } from '@latticra/evidence-format/define';
import { writeFileAtomic } from '@latticra/held-files';
import {
  artifactManifest,
  loadArtifactManifest,
  type ManifestFiles,
  manifestFromFiles,
  UNSIGNED_LOCAL,
  validateArtifacts,
  validationDocument,
} from '@latticra/manifest';
import { bootEvidence, bootEvidenceSection } from '@latticra/operator-bundle';
import type { Digests } from './decide.js';
import { ReleaseError } from './error.js';
import { imageDigests, measuredAlready } from './images.js';
import { RELEASE_FILE, type Release } from './release.js';
import type { Signatures } from './sign-step.js';
import { digestOf } from './state.js';

/** Returns the digests of all files that steps before this one left. */
export const filesBefore = ({ run }: Pick<Release, 'run'>): Digests => Object.fromEntries(run.known);

/** Records the images with SBOM, signatures and runbook. Returns the path of the manifest, as the folder was named. */
export function writeManifest(release: Release, sbom: string, signatures: Signatures): Promise<string> {
  const { run, request, images, recovery, source, buildEnvironment, cwd } = release;
  const { manifest } = RELEASE_FILE;
  const files = (role: 'iso' | 'vm-image') => {
    const image = images.find((one) => one.role === role);
    return image === undefined
      ? { path: NONE, signature: NONE, sbom: NONE }
      : { path: image.named.path, signature: signatures[role] ?? NONE, sbom };
  };
  const form = images.find(({ role }) => role === 'vm-image')?.form;
  const stated: ManifestFiles = {
    artifactVersion: request.flags.release,
    sourceCommit: source.sourceCommit,
    sourceTag: source.sourceTag,
    buildEnvironment,
    iso: files('iso'),
    vmImage: { ...files('vm-image'), format: form === 'qcow2' || form === 'raw' ? form : NONE },
    operatorRecoveryPath: recovery.path,
    relativeTo: run.folder,
  };
  const value = run.at(manifest);
  return run.step({
    id: 'manifest',
    name: 'artifact manifest',
    report: manifest,
    inputs: {
      ...imageDigests(images),
      ...filesBefore(release),
      'the runbook': recovery.sha256,
      'what it states': digestOf(JSON.stringify(stated)),
    },
    async work() {
      const recorded = await manifestFromFiles(stated, { cwd, inspect: measuredAlready(images) });
      await writeFileAtomic(run.absoluteOf(manifest), formatDocument(artifactManifest.document(recorded)));
      const signed = Object.values(signatures).includes(UNSIGNED_LOCAL) ? UNSIGNED_LOCAL : 'signed';
      const what = images.length === 1 ? 'one image' : 'both images';
      return {
        value,
        result: `${what}, ${signed}, from ${source.sourceCommit.slice(0, 12)}`,
        outputs: [manifest],
      };
    },
    kept: async () => value,
  });
}

/** Holds the release to its manifest, with the measurements of this run, and refuses one that is not ready for review. */
export function validateManifest(
  release: Release,
  manifest: string,
  records: readonly VerifiedRecord[],
): Promise<void> {
  const { run, images, recovery, manifestPath, cwd } = release;
  const { validation: report } = RELEASE_FILE;
  return run.step({
    id: 'validation',
    name: 'validation',
    report,
    inputs: { ...imageDigests(images), ...filesBefore(release), 'the runbook': recovery.sha256 },
    async work() {
      const inspect = measuredAlready(images);
      const validation = await validateArtifacts(await loadArtifactManifest(manifest, cwd), {
        inspect: (file, _, hashes) => inspect(file, hashes),
        allowOutside: true,
      });
      const sections = records.length === 0 ? [] : [bootEvidenceSection(bootEvidence(validation, records))];
      await writeFileAtomic(
        run.absoluteOf(report),
        formatDocument(validationDocument(manifestPath, validation, sections)),
      );
      const missing = validation.missingForReview;
      if (missing.length > 0) {
        throw new ReleaseError(
          'not-held',
          `not ready for review: ${missing.join('; ')}`,
          `look into ${run.at(report)}`,
        );
      }
      return { value: undefined, result: 'ready for operator review', outputs: [report] };
    },
    kept: async () => undefined,
  });
}
