// SPDX-License-Identifier: Apache-2.0
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { version } from '../../package.json';
import { isDocument } from '../read/content.js';
import { lineOf, linesOf } from '../read/document.js';
import { type Evidence, type ReadOptions, withEvidence } from '../read/evidence.js';
import { meaningOf, REHEARSAL } from '../read/titles.js';
import { findWrong } from './blockers.js';
import { drawChain } from './chain.js';
import { findFacts } from './facts.js';
import { listFiles } from './file-views.js';
import { viewBuilds, viewImages } from './image-views.js';
import { findMissing } from './missing.js';
import type { Blocker, Detail, EvidenceModel } from './model.js';
import { gatherRelease, type Release } from './release.js';
import { signatureStatusOf } from './witnesses.js';
import { plural } from './words.js';

/**
 * Reads a folder of evidence into all that a page shows of it: every value from a document that was read or a file that was measured, and
 * what is not there as not there. The folder is held by its descriptor, and nobody is let out of it.
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 * import { readEvidence, renderReport } from '@latticra/evidence-report';
 *
 * const model = await readEvidence('evidence');
 * writeFileSync('report.html', renderReport(model));
 * console.log(model.verdict.word, model.missing.length);
 *
 * @throws EvidenceReportError `claim` for a document that claims anything, `link`, `too-many`; HeldFileError
 */
export function readEvidence(folder: string, options: ReadOptions = {}): Promise<EvidenceModel> {
  return withEvidence(folder, options, buildModel);
}

function buildModel(evidence: Evidence): EvidenceModel {
  const release = gatherRelease(evidence);
  const chain = drawChain(release);
  const wrong = findWrong(release, chain);
  const missing = findMissing(release);
  const documents = release.files.filter((file) => isDocument(file));
  const claims = Object.keys(READINESS_CLAIMS);
  return {
    name: nameOf(release),
    version: release.version,
    verdict: verdictOf(release, wrong, missing),
    origin: originOf(release),
    facts: findFacts(release),
    claims: {
      names: claims,
      documents: documents.filter((file) => linesOf(file).some(({ key }) => claims.includes(key))).length,
    },
    wrong,
    missing,
    images: viewImages(release),
    builds: viewBuilds(release),
    chain,
    board: release.board,
    boots: release.boots,
    seals: release.seals,
    witnesses: release.witnesses,
    signatureStatus: signatureStatusOf(release.files),
    sboms: release.sboms,
    bundles: release.bundles,
    files: listFiles(release, evidence.files),
    listSha256: evidence.listSha256,
    tool: `latticra evidence-report ${version}`,
  };
}

/** Returns what the SBOM calls the release, without its version; a release that has none is merely that. */
function nameOf({ sboms, version: release }: Release): string {
  const name = sboms[0]?.state === 'good' ? sboms[0].name : undefined;
  if (name === undefined) return 'Release';
  return release !== undefined && name.endsWith(`-${release}`) ? name.slice(0, -release.length - 1) : name;
}

function originOf({ commit, builds, manifests, files }: Release): Detail[] {
  const first = (key: string) =>
    [...manifests, ...builds, ...files.filter((file) => isDocument(file))]
      .map((file) => lineOf(file, key))
      .find((value) => value !== undefined);
  return [
    { name: 'Commit', text: commit ?? 'unknown' },
    { name: 'Tag', text: first('source_tag') ?? 'none' },
    { name: 'Built on', text: first('build_environment') ?? 'unknown' },
    { name: 'Build id', text: first('build_id') ?? first('boot_seed_build_id') ?? 'unknown' },
  ];
}

function verdictOf(
  { files, board }: Release,
  wrong: readonly Blocker[],
  missing: readonly Blocker[],
): EvidenceModel['verdict'] {
  const understood = files.filter(
    (file) => isDocument(file) && meaningOf(file.content.document.title) !== undefined,
  );
  if (understood.length === 0) {
    const says =
      files.length === 0
        ? 'The folder is empty.'
        : `None of ${plural(files.length, 'file')} is a document that this page knows.`;
    return { word: 'Unreadable', state: 'unknown', says };
  }
  const fields = board === undefined ? '' : `${board.held} of ${board.total} promotion fields hold. `;
  const counts = [
    wrong.length > 0 ? `${plural(wrong.length, 'thing is', 'things are')} wrong` : '',
    missing.length > 0 ? `${plural(missing.length, 'is', 'are')} not there yet` : '',
  ].filter(Boolean);
  const says = `${fields}${counts.join(', ')}${counts.length > 0 ? '.' : ''}`;
  if (wrong.length > 0) return { word: 'Blocked', state: 'bad', says };
  if (board !== undefined && missing.length === 0)
    return { word: 'Complete, a person decides', state: 'good', says: `${fields}Nothing is claimed.` };
  const isRehearsal = board === undefined && files.some((file) => isDocument(file, REHEARSAL));
  if (isRehearsal)
    return {
      word: 'Rehearsal',
      state: 'todo',
      says: `All that was rehearsed holds; ${says || 'nothing is claimed.'}`,
    };
  return { word: 'Blocked', state: 'todo', says };
}
