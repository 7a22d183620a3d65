// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EvidenceError } from '@latticra/evidence-format';
import { bytesIn, measureFile, writeFileAtomic } from '@latticra/held-files';
import { loadArtifactManifest, validateArtifacts } from '@latticra/manifest';
import { NAMESPACES, type SigningOptions, takeSigningKey } from '@latticra/signature';
import { PromotionError } from '../error.js';
import type { FolderOptions } from '../evidence/folder.js';
import { walkEvidence } from '../evidence/walk.js';
import { type Review, review } from '../review/schema.js';

/** What is reviewed, and what was decided. */
export interface ReviewOptions extends FolderOptions {
  readonly cwd: string;
  /** Paths as they were given: of the manifest, and of files and folders of evidence. */
  readonly artifactManifest: string;
  readonly evidence: readonly string[];
  readonly said: Pick<Review, 'reviewer' | 'decision' | 'reason' | 'reviewedAt'>;
}

/**
 * Measures what is reviewed, the images that the manifest names among it, and says what was decided on it. In a folder everything
 * counts that could be understood, but for reviews and signatures.
 * @throws ManifestError, HeldFileError for artifacts that are not as the manifest says; PromotionError `bad-review`
 */
export async function recordReview(options: ReviewOptions): Promise<Review> {
  const { cwd, artifactManifest, evidence, said } = options;
  const loaded = await loadArtifactManifest(artifactManifest, cwd);
  await validateArtifacts(loaded);
  const digests = new Set([loaded.sha256]);
  for (const path of evidence) {
    for (const digest of await digestsOf(path, options)) digests.add(digest);
  }
  const { artifactVersion, sourceTag, iso, vmImage } = loaded.manifest;
  const found: Review = {
    ...said,
    release: { version: artifactVersion, tag: sourceTag, iso: iso?.sha256, vmImage: vmImage?.sha256 },
    manifestSha256: loaded.sha256,
    evidence: [...digests].sort(),
  };
  assertWritable(found);
  return found;
}

async function digestsOf(path: string, options: ReviewOptions): Promise<readonly string[]> {
  const absolute = resolve(options.cwd, path);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const { sha256 } = await options.tracker.track(
      `measuring ${path}`,
      (onBytes) => measureFile(absolute, { onBytes }),
      () => bytesIn(absolute),
    );
    return [sha256];
  }
  const { pieces, refused } = await walkEvidence(absolute, options);
  const [first] = refused;
  if (first !== undefined && options.said.decision === 'approve') {
    throw new PromotionError('bad-review', `${path}: ${first.path}: ${first.reason}`, {
      fix: 'take it out of the folder, or name the files that are approved',
    });
  }
  return pieces.flatMap(({ content: { kind }, sha256 }) => (LEFT_OUT.has(kind) ? [] : [sha256]));
}

/** What is said about evidence is none. */
const LEFT_OUT: ReadonlySet<string> = new Set(['review', 'signature', 'unrecognized']);

function assertWritable(found: Review): void {
  try {
    review.format(found);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new PromotionError('bad-review', cause.message, {
      cause,
      fix: 'correct what is said in the review',
    });
  }
}

/**
 * Writes a review into a new file, and its signature beside it. Where it cannot be signed no review is left.
 * @param path absolute; nothing may have that name
 * @param key absolute path of the reviewer's key
 * @throws HeldFileError `exists`, `cannot-create`; SignatureError, ToolchainError
 */
export async function writeReview(
  path: string,
  found: Review,
  key: string,
  options: SigningOptions,
): Promise<void> {
  const signer = await takeSigningKey(key, options);
  await writeFileAtomic(path, review.format(found), { isNew: true });
  try {
    await signer.sign(path, NAMESPACES.review);
  } catch (error) {
    await unlink(path);
    throw error;
  }
}
