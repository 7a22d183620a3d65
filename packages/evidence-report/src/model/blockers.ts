// SPDX-License-Identifier: Apache-2.0
import { isDocument } from '../read/content.js';
import { lineOf, numberOf } from '../read/document.js';
import { REHEARSAL, VALIDATION } from '../read/titles.js';
import { agrees } from './images.js';
import type { Blocker, Chain, Source } from './model.js';
import type { Release } from './release.js';
import { plural } from './words.js';

const HASH_AGAIN = (path: string) => `sha256sum ${quoted(path)}`;
const FORM_WORD = { iso: 'ISO', qcow2: 'qcow2 image', raw: 'raw image' } as const;

/** Quotes a path for a shell where it has to be. */
function quoted(path: string): string {
  return /^[A-Za-z0-9_./+:@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** Finds what is wrong, most telling first: more evidence does not mend it. */
export function findWrong(release: Release, chain: Chain): Blocker[] {
  return [
    ...wrongDigests(release),
    ...wrongLinks(chain),
    ...wrongSums(release),
    ...wrongBoots(release),
    ...wrongSeals(release),
    ...wrongDocuments(release),
    ...wrongBoard(release),
    ...wrongReviews(release),
  ];
}

function wrongDigests({ images, inputs, builds, manifests, commit }: Release): Blocker[] {
  const blockers: Blocker[] = [];
  for (const [subject, artifact] of [...images, ...inputs]) {
    const word = subject in FORM_WORD ? FORM_WORD[subject as keyof typeof FORM_WORD] : subject;
    const measured = artifact.file;
    const has =
      measured === undefined
        ? 'the manifest, or the first document, names another'
        : `${measured.path} is another`;
    const others = new Map<string, Source[]>();
    for (const statement of artifact.statements) {
      if (agrees(artifact, statement)) continue;
      const list = others.get(statement.sha256) ?? [];
      list.push(statement.by);
      others.set(statement.sha256, list);
    }
    for (const [sha256, sources] of others) {
      blockers.push({
        title: `The ${word} is not the one that ${plural(sources.length, 'document')} ${sources.length === 1 ? 'names' : 'name'}`,
        reason: `${sources[0]?.path}${sources.length > 1 ? ' and others name' : ' names'} sha256:${sha256}, and ${has}: sha256:${artifact.sha256}.`,
        ...(measured && { command: HASH_AGAIN(measured.path) }),
        to: 'chain',
        sources,
      });
    }
    for (const copy of artifact.copies) {
      if (copy.sha256 === artifact.sha256) continue;
      blockers.push({
        title: `Two files named ${artifact.name} differ`,
        reason: `${copy.path} has sha256:${copy.sha256}, and ${measured?.path ?? 'the documents'} sha256:${artifact.sha256}.`,
        command: `${HASH_AGAIN(copy.path)}${measured === undefined ? '' : ` ${quoted(measured.path)}`}`,
        to: 'chain',
        sources: [copy],
      });
    }
  }
  for (const file of [...manifests, ...builds]) {
    const named = lineOf(file, 'source_commit');
    if (commit === undefined || named === undefined || named === commit) continue;
    const reason = `${file.path} names ${named}, and another document ${commit}.`;
    blockers.push({ title: 'Two documents name two commits', reason, to: 'chain', sources: [file] });
  }
  return blockers;
}

/** The links that no statement of an artifact tells: those into an SBOM and a bundle. */
function wrongLinks({ edges, nodes }: Chain): Blocker[] {
  return edges
    .filter(({ state, to }) => state === 'differs' && (to === 'sbom' || to.startsWith('bundle-')))
    .map(({ from, to, says }) => {
      const name = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
      return {
        title: `${name(to)} and ${name(from)} do not belong together`,
        reason: `${says}.`,
        to: 'chain',
      };
    });
}

function wrongSums({ sums }: Release): Blocker[] {
  return sums.flatMap(({ list, check }): Blocker[] => {
    const [first] = check.differs;
    const [absent] = check.absent;
    if (first === undefined && absent === undefined) return [];
    const reason =
      first === undefined
        ? `${absent} is listed and is not there${check.absent.length > 1 ? `, nor are ${check.absent.length - 1} others` : ''}.`
        : `${first.name} has sha256:${first.file.sha256}, and the list sha256:${first.hex}.`;
    const count = check.differs.length + check.absent.length;
    const folder = list.folder === '' ? '' : `cd ${quoted(list.folder)} && `;
    return [
      {
        title: `${plural(count, 'file')} not as ${list.path} has ${count === 1 ? 'it' : 'them'}`,
        reason,
        command: `${folder}sha256sum -c --strict ${quoted(list.name)}`,
        to: 'files',
        sources: [list],
      },
    ];
  });
}

/** The boots that are told one by one; the others are counted. */
const MAX_TOLD = 5;

function wrongBoots({ boots }: Release): Blocker[] {
  const bad = boots.filter(({ state }) => state === 'bad');
  const told = bad.slice(0, MAX_TOLD).map(
    (boot): Blocker => ({
      title: `${boot.word === 'broken' ? 'The evidence of a boot is broken' : 'A boot did not come out as expected'}: ${boot.name}`,
      reason: boot.reason ?? 'no reason is given',
      lines: boot.decisive,
      ...(boot.form !== undefined &&
        boot.word !== 'broken' && { command: `latticra-boot-matrix run --case ${quoted(boot.name)}` }),
      to: boot.id,
      sources: [boot.source],
    }),
  );
  if (bad.length <= MAX_TOLD) return told;
  const reason = `${plural(bad.length - MAX_TOLD, 'more boot')} did not come out as expected.`;
  return [...told, { title: 'More boots failed', reason, to: 'boots' }];
}

function wrongSeals({ seals }: Release): Blocker[] {
  return seals
    .filter(({ state }) => state === 'bad')
    .map(({ source, failures, changes, status }) => ({
      title: `Seal says ${status}`,
      reason: failures[0] ?? `${plural(changes.length, 'change')} since the baseline.`,
      command: 'latticra-seal verify',
      to: 'seal',
      sources: [source],
    }));
}

function wrongDocuments({ files, sboms, damaged }: Release): Blocker[] {
  const blockers: Blocker[] = [];
  for (const file of files) {
    if (file.content.kind === 'broken')
      blockers.push({
        title: `${file.path} cannot be read`,
        reason: `${file.content.reason}.`,
        to: 'files',
        sources: [file],
      });
    const reason = damaged.get(file.path);
    if (reason !== undefined)
      blockers.push({
        title: `${file.path} is no picture`,
        reason: `It ${reason}.`,
        to: 'files',
        sources: [file],
      });
    if (isDocument(file, VALIDATION) && numberOf(file, 'artifact_manifest_ready_for_operator_review') !== 1)
      blockers.push({
        title: 'The artifact manifest is not ready for review',
        reason: `${file.path} says so.`,
        command: 'latticra-os-image-artifact-manifest-validate --artifact-manifest manifest.txt',
        to: 'built',
        sources: [file],
      });
    const status = isDocument(file, REHEARSAL) ? lineOf(file, 'rehearsal_status') : undefined;
    if (isDocument(file, REHEARSAL) && status !== 'ok')
      blockers.push({
        title: `The rehearsal ended as ${status ?? 'unknown'}`,
        reason: lineOf(file, 'rehearsal_failure') ?? 'It was cut off.',
        command: 'latticra rehearse',
        to: 'built',
        sources: [file],
      });
  }
  for (const { source, findings, state } of sboms) {
    if (state !== 'bad') continue;
    const [first] = findings;
    blockers.push({
      title: `${source.path} breaks the standard`,
      reason: first === undefined ? 'No clause is given.' : `Clause ${first.clause}: ${first.message}.`,
      command: `latticra-os-image-sbom-check ${quoted(source.path)}`,
      to: 'sbom',
      sources: [source],
    });
  }
  return blockers;
}

function wrongBoard({ board }: Release): Blocker[] {
  const fields = board?.groups.flatMap((group) => group.fields) ?? [];
  return fields
    .filter(({ state }) => state === 'bad')
    .map(({ key, name, evidence }) => ({
      title: `The evaluation is not of this folder: ${name}`,
      reason: evidence,
      to: `field-${key}`,
      ...(board && { sources: [board.source] }),
    }));
}

function wrongReviews({ witnesses }: Release): Blocker[] {
  return witnesses
    .filter(({ kind, state }) => kind === 'review' && state === 'bad')
    .map(({ source, who, says }) => ({
      title: `${who} rejects it`,
      reason: says,
      to: 'signed',
      sources: [source],
    }));
}
