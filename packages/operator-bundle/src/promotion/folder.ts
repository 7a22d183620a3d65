// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { type AnchoredFolder, openAnchor, type ReadableFolder, safeName } from '@latticra/held-files/anchor';
import { promotionEvaluation } from '@latticra/promotion';
import { OperatorBundleError } from '../error.js';
import type { PromotionEntry } from './listing.js';
import { LEFT_OUT, PROMOTION_FILE, PROMOTION_PART } from './names.js';

/** A file that a promotion folder has at its top, by its name there. */
export interface TopFile extends PromotionEntry {
  readonly bytes: Uint8Array;
}

/** A promotion folder as it lies there: an evaluation, and what it was derived from. */
export interface PromotionFolder {
  /** Absolute. */
  readonly root: string;
  /** The folder in messages. */
  readonly shown: string;
  readonly evaluation: TopFile & { readonly says: ReturnType<typeof promotionEvaluation.parse> };
  readonly allowedSigners: TopFile | undefined;
  readonly revokedKeys: TopFile | undefined;
  readonly pins: TopFile | undefined;
  /** Whether reviews lie in a folder of their own. */
  readonly hasReviews: boolean;
  /** Files of attestations, by their paths in the folder. */
  readonly attestations: readonly TopFile[];
}

/**
 * Reads a promotion folder: evaluation and lists are told by what they are, whatever their names. Whatever else lies there is refused
 * by its name.
 * @param shown the folder in messages
 * @param passOver names of files that belong to a bundle, and to no promotion folder
 * @throws OperatorBundleError `bad-promotion`; HeldFileError
 */
export function readPromotionFolder(
  root: string,
  shown: string,
  passOver: ReadonlySet<string> = new Set(),
): PromotionFolder {
  const folder = openAnchor(root, { label: shown });
  try {
    const { files, folders } = readTop(folder, passOver);
    const evaluation = evaluationIn(files, shown);
    const { says } = evaluation;
    const rest = files.filter((file) => file.path !== evaluation.path);
    const listed = (sha256: string | undefined, what: string) => {
      if (sha256 === undefined) return undefined;
      const at = rest.findIndex((file) => file.sha256 === sha256);
      const [found] = at < 0 ? [] : rest.splice(at, 1);
      if (found !== undefined) return found;
      throw bad(`${shown}: the ${what} of the evaluation, sha256:${sha256}, are not there`);
    };
    const allowedSigners = listed(says.allowedSigners, 'allowed signers');
    const revokedKeys = listed(says.revokedKeys, 'revoked keys');
    const pins = listed(says.pins, 'pinned builders');
    const [other] = rest;
    if (other !== undefined) throw notCarried(`${shown}/${other.path}`);
    if (!folders.has(PROMOTION_PART.evidence))
      throw bad(`${shown}: has no folder ${PROMOTION_PART.evidence}`);
    const hasReviews = folders.has(PROMOTION_PART.reviews);
    if (hasReviews && !says.reviewsRequired)
      throw bad(
        `${shown}/${PROMOTION_PART.reviews}: was not looked at: the evaluation was made without --reviews`,
      );
    const attestations = folders.has(PROMOTION_PART.attestations) ? readAttestations(folder) : [];
    return { root, shown, evaluation, allowedSigners, revokedKeys, pins, hasReviews, attestations };
  } finally {
    folder.close();
  }
}

function readTop(folder: ReadableFolder, passOver: ReadonlySet<string>) {
  const files: TopFile[] = [];
  const folders = new Set<string>();
  const parts: readonly string[] = Object.values(PROMOTION_PART);
  for (const listed of folder.list().names) {
    const name = safeName(listed, `${folder.path}/`);
    if (LEFT_OUT.has(name) || passOver.has(name)) continue;
    const stats = folder.lstat(name);
    if (stats?.isDirectory() === true && parts.includes(name)) folders.add(name);
    else if (stats?.isFile() === true) files.push(readFile(folder, name, ''));
    else throw notCarried(`${folder.path}/${name}`);
  }
  return { files, folders };
}

function readAttestations(folder: AnchoredFolder): TopFile[] {
  const inner = folder.openFolder(PROMOTION_PART.attestations);
  try {
    return [...inner.list().names].map((listed) => {
      const name = safeName(listed, `${inner.path}/`);
      if (inner.lstat(name)?.isFile() !== true) throw notCarried(`${inner.path}/${name}`);
      return readFile(inner, name, `${PROMOTION_PART.attestations}/`);
    });
  } finally {
    inner.close();
  }
}

function readFile(folder: ReadableFolder, name: string, prefix: string): TopFile {
  const file = folder.openFile(name);
  try {
    const bytes = file.bytes(MAX_DOCUMENT_BYTES);
    return { path: prefix + name, size: bytes.length, sha256: hash('sha256', bytes), bytes };
  } finally {
    file.close();
  }
}

function evaluationIn(files: readonly TopFile[], shown: string): PromotionFolder['evaluation'] {
  const title = `${promotionEvaluation.title}\n`;
  const [first, second] = files.filter(({ bytes }) =>
    Buffer.from(bytes.subarray(0, title.length)).equals(Buffer.from(title)),
  );
  if (first === undefined)
    throw bad(`${shown}: has no evaluation, which latticra-os-image-promotion-evaluate prints`);
  if (second !== undefined) throw bad(`${shown}: ${first.path} and ${second.path} are two evaluations`);
  try {
    return { ...first, says: promotionEvaluation.parse(first.bytes) };
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw bad(`${shown}/${first.path}: ${cause.message}`, cause);
  }
}

/** Returns the names by which a bundle carries the files at the top of a promotion folder. */
export function topFiles(found: PromotionFolder): ReadonlyMap<string, TopFile> {
  const files = new Map<string, TopFile>();
  for (const name of ['evaluation', 'allowedSigners', 'revokedKeys', 'pins'] as const) {
    const file = found[name];
    if (file !== undefined) files.set(PROMOTION_FILE[name], { ...file, path: PROMOTION_FILE[name] });
  }
  for (const file of found.attestations) files.set(file.path, file);
  return files;
}

/** Makes the error for a promotion folder that a bundle cannot carry. */
export function bad(message: string, cause?: unknown): OperatorBundleError {
  return new OperatorBundleError('bad-promotion', message, {
    cause,
    fix: 'evaluate the evidence again, as docs/promotion.md shows, and keep what it prints beside it',
  });
}

/** Makes the error for a file that is none of those that a bundle carries. */
export function notCarried(path: string): OperatorBundleError {
  return new OperatorBundleError('bad-promotion', `${path}: is no evidence that a bundle carries`, {
    fix: 'take it out of the folder, and evaluate the evidence again',
  });
}
