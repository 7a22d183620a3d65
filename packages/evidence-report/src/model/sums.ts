// SPDX-License-Identifier: Apache-2.0
import type { EvidenceFile } from '../read/content.js';
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
  let same = 0;
  const differs: SumsCheck['differs'][number][] = [];
  const absent: string[] = [];
  for (const { name, hex } of entries) {
    const file = fileAt(files, `${prefix}${name.replace(/^\.\//, '')}`);
    if (file === undefined) absent.push(name);
    else if (file.sha256 === hex) same++;
    else differs.push({ name, file, hex });
  }
  return { same, differs, absent };
}
