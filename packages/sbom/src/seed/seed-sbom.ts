// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { buildSbom } from '../build/build.js';
import type { SbomFile, SbomInput, SbomPackage, SbomRelationship } from '../build/input.js';
import { grubPackage, grubPackageId } from '../component/grub.js';
import { SbomError } from '../error.js';
import type { SpdxDocument } from '../spdx/document.js';
import { ARTIFACT_ENTRIES, SEED_ARTIFACTS, type SeedArtifact } from './artifact.js';
import type { MeasuredSeed, SeedMeasurement } from './measure.js';
import { type SeedSource, sourceFile } from './source.js';

/** What an SBOM of a boot seed is made from; the measured part is what `measureSeed` gives. */
export interface SeedSbomInput extends MeasuredSeed, Pick<SbomInput, 'created' | 'tool'> {
  readonly artifactVersion: string;
  /** The commit that the sources are of, or `unknown`. */
  readonly sourceCommit: string;
  readonly sources: readonly SeedSource[];
}

const RELEASE = 'Package-latticra-boot-seed';
const SOURCES = 'Package-latticra-boot-seed-source';

/**
 * Makes the SPDX 2.3 document of a boot seed release: the release with its five files, the seed's sources where one
 * of these files is known to be made of them, and GRUB where it was recognized. A kernel or loader of another vendor
 * is listed and measured like ours, but nothing is said of where it comes from or of its licence.
 * @throws SbomError `doubled-name` when two artifacts have one name; `not-conforming` as {@link buildSbom}
 */
export function seedSbom(input: SeedSbomInput): SpdxDocument {
  const { artifacts, artifactVersion, sourceCommit, created, tool } = input;
  const files = SEED_ARTIFACTS.map((artifact) => artifactFile(artifact, artifacts[artifact]));
  assertNamesDiffer(files);
  const sources = sourcePackage(input.sources, sourceCommit);
  const grubVersions = [...new Set(input.grub.map(({ version }) => version))];
  const usesSources = input.fromSources.length > 0;
  const isOwn = (['kernel', 'efiBootloader'] as const).every((artifact) =>
    input.fromSources.includes(artifact),
  );
  const release: SbomPackage = {
    id: RELEASE,
    name: 'latticra-boot-seed',
    version: artifactVersion,
    purpose: 'OTHER',
    ...(isOwn && sources.declaredLicence !== undefined
      ? { declaredLicence: sources.declaredLicence }
      : {
          licenceComment:
            'holds files that are not made of the sources of the seed, and do not say their licence',
        }),
    purl: `pkg:generic/latticra-boot-seed@${encodeURIComponent(artifactVersion)}`,
    files,
    comment: `source commit, as declared: ${sourceCommit}`,
  };
  return buildSbom({
    name: `latticra-boot-seed-${artifactVersion}`,
    created,
    tool,
    describes: [RELEASE],
    packages: [release, ...(usesSources ? [sources] : []), ...grubVersions.map(grubPackage)],
    relationships: [
      ...input.contents.map(
        ({ image, content }): SbomRelationship => ({
          from: ARTIFACT_ENTRIES[image].id,
          type: 'CONTAINS',
          to: ARTIFACT_ENTRIES[content].id,
        }),
      ),
      ...input.fromSources.map(
        (artifact): SbomRelationship => ({
          from: ARTIFACT_ENTRIES[artifact].id,
          type: 'GENERATED_FROM',
          to: SOURCES,
        }),
      ),
      ...input.grub.map(
        ({ artifact, version }): SbomRelationship => ({
          from: ARTIFACT_ENTRIES[artifact].id,
          // A loader is made of GRUB; an image has it among other things.
          type: artifact === 'efiBootloader' ? 'GENERATED_FROM' : 'CONTAINS',
          to: grubPackageId(version),
        }),
      ),
    ],
  });
}

function artifactFile(
  artifact: SeedArtifact,
  { path, size, sha1, sha256, problem }: SeedMeasurement,
): SbomFile {
  const entry = ARTIFACT_ENTRIES[artifact];
  const comment =
    problem === undefined ? entry.comment : `${entry.comment}; not looked into further: ${problem}`;
  return { ...entry, comment, name: `./${basename(path)}`, size, sha1, sha256 };
}

function assertNamesDiffer(files: readonly SbomFile[]): void {
  const names = files.map(({ name }) => name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) {
    throw new SbomError('doubled-name', `two artifacts of the release are named ${JSON.stringify(doubled)}`, {
      fix: 'give each artifact a file name of its own',
    });
  }
}

function sourcePackage(sources: readonly SeedSource[], sourceCommit: string): SbomPackage {
  const files = sources.map(sourceFile);
  const licences = new Set(files.map(({ licence }) => licence));
  const [licence] = licences;
  return {
    id: SOURCES,
    name: 'latticra-boot-seed-source',
    version: sourceCommit,
    purpose: 'SOURCE',
    ...(licences.size === 1 && licence !== undefined
      ? { declaredLicence: licence }
      : { licenceComment: 'not every source file says the same licence: see the files' }),
    files,
  };
}
