// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MAX_DOCUMENT_BYTES, parseChecksums } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import {
  type ArtifactValidation,
  type InspectedFile,
  inspectFile,
  loadArtifactManifest,
  validateArtifacts,
} from '@latticra/manifest';
import { requireReady } from './bundle-manifest.js';
import { OperatorBundleError } from './error.js';
import { BUNDLE_FILE } from './names.js';
import { compareBytes } from './staging.js';

/** How a bundle is verified. */
export interface VerifyOptions {
  /** Receives the number of bytes that each step read. */
  readonly onBytes?: (count: number) => void;
  /**
   * Receives the name of each file in the folder that no checksum covers; without it such a file is refused. An operator
   * who followed the README has a serial log there.
   */
  readonly onAdded?: (name: string) => void;
}

/**
 * Checks a bundle wherever it lies now: its checksum file has exactly the form that it was written in and covers every
 * file that is there and no other, each file has its digest, and the manifest is ready for review. The artifacts are
 * read once. Unlike `sha256sum -c --strict` this finds a file that was added, and a checksum line that was damaged into
 * a comment, into capitals or into the form for binary files.
 * @throws OperatorBundleError `damaged`, `not-ready`; EvidenceError, ManifestError, HeldFileError
 */
export async function verifyOperatorBundle(
  folder: string,
  { onBytes, onAdded = refuseAdded }: VerifyOptions = {},
): Promise<ArtifactValidation> {
  const root = resolve(folder);
  const { bytes } = await readStableFile(join(root, BUNDLE_FILE.checksums), {
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  const listed = parseChecksums(Buffer.from(bytes).toString('utf8'));
  assertListing(
    listed.map(({ name }) => name),
    await readdir(root),
    onAdded,
  );
  const measured = new Map<string, InspectedFile>();
  for (const { name, hex } of listed) {
    const path = join(root, name);
    const found = await inspectFile(path, onBytes === undefined ? {} : { onBytes });
    const { sha256 } = found.measurement;
    if (sha256 !== hex) throw damaged(`${name}: expected sha256:${hex}, found sha256:${sha256}`);
    measured.set(path, found);
  }
  const loaded = await loadArtifactManifest(BUNDLE_FILE.manifest, root);
  const validation = await validateArtifacts(loaded, {
    inspect: async (path) => measured.get(path) ?? inspectFile(path),
  });
  requireReady(loaded.path, validation);
  return validation;
}

/** Returns whether a folder is an operator bundle: whether the report of one lies in it. */
export async function isOperatorBundle(folder: string): Promise<boolean> {
  return (await readdir(folder)).includes(BUNDLE_FILE.report);
}

function assertListing(
  listed: readonly string[],
  present: readonly string[],
  onAdded: (name: string) => void,
): void {
  const sorted = [...listed].sort(compareBytes);
  if (listed.some((name, index) => name !== sorted[index])) {
    throw damaged(`${BUNDLE_FILE.checksums}: expected the names in byte order`);
  }
  const missing = listed.find((name) => !present.includes(name));
  if (missing !== undefined) throw damaged(`${missing}: has a checksum but is not there`);
  for (const name of [...present].sort(compareBytes)) {
    if (name !== BUNDLE_FILE.checksums && !listed.includes(name)) onAdded(name);
  }
}

function refuseAdded(name: string): never {
  throw damaged(`${name}: is there but has no checksum`);
}

function damaged(message: string): OperatorBundleError {
  return new OperatorBundleError('damaged', message, { fix: 'get the bundle again, or stage it anew' });
}
