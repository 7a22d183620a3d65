// SPDX-License-Identifier: Apache-2.0
import type { SpdxFile } from '../spdx/document.js';
import { checkSbom, type SbomCheck } from './check.js';
import { digestFile } from './digests.js';
import type { Digests } from './rules/measured.js';

/** A check against files, and the listed files that were not at hand: a caller who needs them all looks here. */
export type SbomFilesCheck = SbomCheck & { readonly unmeasured: readonly SpdxFile[] };

/**
 * Checks a document, and measures the files that `locate` gives a path for: each must have the digests that
 * the document lists, by every algorithm that can be computed here; of the others there is advice. A document that breaks a clause is not followed to any file. Throws `HeldFileError` for a
 * path that cannot be measured, and the reason of a `signal` that ends it.
 */
export async function checkSbomFiles(
  input: string | Uint8Array,
  locate: (file: SpdxFile) => string | undefined,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SbomFilesCheck> {
  const check = checkSbom(input);
  if (!check.valid) return { ...check, unmeasured: [] };
  const digests = new Map<string, Digests>();
  const unmeasured: SpdxFile[] = [];
  for (const file of check.document.files ?? []) {
    const path = locate(file);
    if (path === undefined) unmeasured.push(file);
    else {
      const algorithms = file.checksums.map(({ algorithm }) => algorithm);
      digests.set(file.SPDXID, await digestFile(path, algorithms, signal));
    }
  }
  return { ...checkSbom(input, { digestsOf: ({ id }) => digests.get(id) }), unmeasured };
}
