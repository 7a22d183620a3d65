// SPDX-License-Identifier: Apache-2.0
import { type EvidenceFile, isDocument } from '../read/content.js';
import { sectionOf } from '../read/document.js';
import { PROMOTION_LISTING } from '../read/titles.js';
import { fileAt } from './find.js';

/** What a checksum file comes to beside the files that it names. */
export interface SumsCheck {
  readonly same: number;
  /** Files with another digest. */
  readonly differs: readonly { readonly name: string; readonly file: EvidenceFile; readonly hex: string }[];
  /** Names of which there is no file. */
  readonly absent: readonly string[];
}

/** Compares the lines of a checksum file with the files beside it. */
export function checkSums(files: readonly EvidenceFile[], list: EvidenceFile): SumsCheck {
  const entries = list.content.kind === 'checksums' ? list.content.entries : [];
  const prefix = list.folder === '' ? '' : `${list.folder}/`;
  const lent = lentPaths(files);
  let same = 0;
  const differs: SumsCheck['differs'][number][] = [];
  const absent: string[] = [];
  for (const { name, hex } of entries) {
    const path = `${prefix}${name.replace(/^\.\//, '')}`;
    const file = fileAt(files, path) ?? (lent.has(path) ? fileOf(files, hex) : undefined);
    if (file === undefined) absent.push(name);
    else if (file.sha256 === hex) same++;
    else differs.push({ name, file, hex });
  }
  return { same, differs, absent };
}

const LENT = /^sha256:[0-9a-f]{64} \d+ (.+)$/;

/** Returns the paths at which nothing lies in a bundle's evidence because the same bytes lie elsewhere in the bundle. */
function lentPaths(files: readonly EvidenceFile[]): ReadonlySet<string> {
  return new Set(
    files.flatMap((file) =>
      isDocument(file, PROMOTION_LISTING)
        ? sectionOf(file, 'lent').map(({ value }) => `${file.folder}/${LENT.exec(value)?.[1]}`)
        : [],
    ),
  );
}

const fileOf = (files: readonly EvidenceFile[], sha256: string) =>
  files.find((file) => file.sha256 === sha256);
