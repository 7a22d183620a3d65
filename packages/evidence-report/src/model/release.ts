// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, type ImageForm, isDocument } from '../read/content.js';
import { digestOf, lineOf } from '../read/document.js';
import type { Evidence } from '../read/evidence.js';
import { BUNDLE, LINUX_BUILD, MANIFEST, SEED_BUILD, SEED_RECORD, SEED_VM_BUILD } from '../read/titles.js';
import { gatherBoard } from './board.js';
import { gatherBoots } from './boots.js';
import { gatherBundles } from './bundles.js';
import { type Artifact, artifactOf, gatherImages } from './images.js';
import type { Board, BootView, BundleView, SbomView, SealView, WitnessView } from './model.js';
import { gatherSboms } from './sboms.js';
import { addScreens } from './screens.js';
import { gatherSeals } from './seals.js';
import { type Statement, type Subject, statementsOf } from './statements.js';
import { checkSums, type SumsCheck } from './sums.js';
import { gatherWitnesses } from './witnesses.js';

/** All that the parts of a page are made of: what was found in the folder, each thing once. */
export interface Release {
  readonly files: readonly EvidenceFile[];
  readonly statements: readonly Statement[];
  readonly images: ReadonlyMap<ImageForm, Artifact>;
  readonly inputs: ReadonlyMap<Subject, Artifact>;
  readonly builds: readonly DocumentFile[];
  readonly manifests: readonly DocumentFile[];
  readonly boots: readonly BootView[];
  readonly seals: readonly SealView[];
  readonly sboms: readonly SbomView[];
  readonly bundles: readonly BundleView[];
  readonly board: Board | undefined;
  readonly witnesses: readonly WitnessView[];
  readonly sums: readonly { readonly list: EvidenceFile; readonly check: SumsCheck }[];
  readonly damaged: ReadonlyMap<string, string>;
  readonly commit: string | undefined;
  readonly version: string | undefined;
}

const INPUTS: readonly Subject[] = ['code', 'kernel', 'initramfs', 'rootfs'];
const BUILDS = [LINUX_BUILD, SEED_BUILD, SEED_VM_BUILD];

/** Finds out what a folder says of a release. */
export function gatherRelease(evidence: Evidence): Release {
  const files = inRank(evidence.files);
  const statements = statementsOf(files);
  const documents = (title: string) => files.filter((file): file is DocumentFile => isDocument(file, title));
  const reported = once(BUILDS.flatMap(documents));
  const builds = reported.length > 0 ? reported : firstOfEach(documents(SEED_RECORD));
  const manifests = once(documents(MANIFEST));
  const { boots, damaged } = addScreens(evidence, gatherBoots({ ...evidence, files }));
  const first = (key: string) =>
    [...manifests, ...builds].map((file) => lineOf(file, key)).find((value) => value !== undefined);
  return {
    files,
    statements,
    images: gatherImages(files, statements),
    inputs: new Map(
      INPUTS.flatMap((subject) => {
        const found = artifactOf(
          files,
          statements.filter((each) => each.subject === subject),
        );
        return found === undefined ? [] : [[subject, found] as const];
      }),
    ),
    builds,
    manifests,
    boots,
    seals: gatherSeals(files),
    sboms: gatherSboms(files),
    bundles: gatherBundles(files),
    board: gatherBoard(files),
    witnesses: gatherWitnesses(files),
    sums: files
      .filter(({ content }) => content.kind === 'checksums')
      .map((list) => ({ list, check: checkSums(files, list) })),
    damaged,
    commit: first('source_commit'),
    version:
      first('artifact_version') ??
      files
        .filter((file) => isDocument(file))
        .map((file) => lineOf(file, 'artifact_version'))
        .find(Boolean),
  };
}

/** Puts what lies nearer to the top first, and what lies in a bundle last: that has copies. */
function inRank(files: readonly EvidenceFile[]): EvidenceFile[] {
  const bundles = files
    .filter((file) => isDocument(file, BUNDLE) && file.folder !== '')
    .map(({ folder }) => `${folder}/`);
  const rank = ({ path }: EvidenceFile) =>
    path.split('/').length + (bundles.some((folder) => path.startsWith(folder)) ? 1000 : 0);
  return [...files].sort((one, other) => rank(one) - rank(other));
}

/** Leaves out records of builds of an image that another one made: a seed is built twice, and a bundle carries all records, and no report. */
function firstOfEach(records: readonly DocumentFile[]): DocumentFile[] {
  const made = (record: DocumentFile) =>
    `${digestOf(record, 'boot_seed_iso_sha256')} ${digestOf(record, 'boot_seed_vm_qcow2_sha256')}`;
  return records.filter(
    (record, index) => records.findIndex((other) => made(other) === made(record)) === index,
  );
}

/** Leaves out documents of the same bytes: a bundle has copies. */
function once(files: readonly DocumentFile[]): DocumentFile[] {
  return files.filter((file, index) => files.findIndex(({ sha256 }) => sha256 === file.sha256) === index);
}
