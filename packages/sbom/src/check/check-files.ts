// SPDX-License-Identifier: Apache-2.0
import { measureFile } from '@latticra/held-files';
import type { SpdxFile } from '../spdx/document.js';
import { checkSbom, type SbomCheck } from './check.js';
import type { Digests } from './rules/measured.js';

/** A check against files, and the listed files that were not at hand: a caller who needs them all looks here. */
export type SbomFilesCheck = SbomCheck & { readonly unmeasured: readonly SpdxFile[] };

/**
 * Checks a document, and measures the files that `locate` gives a path for: each must have the digests that
 * the document lists. A document that breaks a clause is not followed to any file. Throws `HeldFileError` for a
 * path that cannot be measured.
 */
export async function checkSbomFiles(
  input: string | Uint8Array,
  locate: (file: SpdxFile) => string | undefined,
): Promise<SbomFilesCheck> {
  const check = checkSbom(input);
  if (!check.valid) return { ...check, unmeasured: [] };
  const digests = new Map<string, Digests>();
  const unmeasured: SpdxFile[] = [];
  for (const file of check.document.files ?? []) {
    const path = locate(file);
    if (path === undefined) unmeasured.push(file);
    else digests.set(file.SPDXID, await measureFile(path, { sha1: true }));
  }
  return { ...checkSbom(input, { digestsOf: ({ id }) => digests.get(id) }), unmeasured };
}
