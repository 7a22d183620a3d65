// SPDX-License-Identifier: Apache-2.0
import { type EvidenceFile, isDocument } from '../read/content.js';
import { linesOf } from '../read/document.js';
import { meaningOf } from '../read/titles.js';
import { baseName } from './find.js';
import { idOf } from './id.js';
import type { FileView } from './model.js';
import type { Release } from './release.js';

const FORM_NAMES = { iso: 'ISO 9660 image', qcow2: 'qcow2 image', raw: 'raw disk image' } as const;

/**
 * Makes the rows of all files: what each is, by its content; what was not understood first.
 * @param files in the order of their paths
 */
export function listFiles(release: Release, files: readonly EvidenceFile[]): FileView[] {
  const naming = namingFiles(release);
  const rows = files.map((file) => rowOf(file, namedBy(file, naming), release.damaged));
  const rank = ({ state }: FileView) => (state === 'bad' ? 0 : state === 'unknown' ? 1 : 2);
  return rows.sort((one, other) => rank(one) - rank(other));
}

/** The first other file that names a digest, or the bare name of a file, in its text. */
interface Naming {
  readonly digests: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<string, string>;
}

function namingFiles({ files }: Release): Naming {
  const digests = new Map<string, string[]>();
  const names = new Map<string, string>();
  const add = (hex: string, by: EvidenceFile) => {
    const list = digests.get(hex) ?? [];
    // Two are enough to tell of one that is not the file itself.
    if (list.length < 2) digests.set(hex, [...list, by.path]);
  };
  for (const file of files) {
    const { content } = file;
    if (content.kind === 'checksums') for (const { hex } of content.entries) add(hex, file);
    if (content.kind === 'sbom')
      for (const { checksums } of content.check.document?.files ?? [])
        for (const { algorithm, checksumValue } of checksums)
          if (algorithm === 'SHA256') add(checksumValue, file);
    if (!isDocument(file)) continue;
    for (const { key, value } of linesOf(file)) {
      for (const [, hex = ''] of value.matchAll(/sha256:([0-9a-f]{64})/g)) add(hex, file);
      if (key.endsWith('_path') && !names.has(baseName(value))) names.set(baseName(value), file.path);
    }
  }
  return { digests, names };
}

/** Says which file names another, and whether by its digest; undefined where none does. */
function namedBy(file: EvidenceFile, { digests, names }: Naming) {
  const by = digests.get(file.sha256)?.find((path) => path !== file.path);
  if (by !== undefined) return { text: `named by ${by}`, hasDigest: true };
  const path = names.get(file.name);
  return path === undefined || path === file.path
    ? undefined
    : { text: `named by ${path}, without a digest`, hasDigest: false };
}

function rowOf(
  file: EvidenceFile,
  named: ReturnType<typeof namedBy>,
  damaged: ReadonlyMap<string, string>,
): FileView {
  const { path, size, sha256, content } = file;
  const row = { id: idOf('file', path), path, size, sha256 };
  const note = named?.text ?? '';
  switch (content.kind) {
    case 'document': {
      const what = meaningOf(content.document.title);
      if (what !== undefined) return { ...row, what, state: 'good', note };
      return {
        ...row,
        what: content.document.title,
        state: 'unknown',
        note: 'a document that this version does not know',
      };
    }
    case 'broken':
      return { ...row, what: 'not understood', state: 'bad', note: content.reason };
    case 'sbom':
      return { ...row, what: 'SBOM, SPDX 2.3', state: content.check.valid ? 'good' : 'bad', note };
    case 'checksums':
      return { ...row, what: 'checksums', state: 'good', note };
    case 'signature':
      return { ...row, what: 'signature', state: 'unknown', note: 'not verified by this page' };
    case 'picture': {
      const reason = damaged.get(path);
      return { ...row, what: 'screen', state: reason === undefined ? 'good' : 'bad', note: reason ?? note };
    }
    case 'image':
      return {
        ...row,
        what: FORM_NAMES[content.form],
        state: content.inspection.problems.length === 0 ? 'good' : 'bad',
        note: content.inspection.problems[0]?.message ?? note,
      };
    case 'other': {
      const isKnown = named?.hasDigest === true || size === 0;
      const what = content.what.replace(/^an? /, '');
      return {
        ...row,
        what,
        state: isKnown ? 'good' : 'unknown',
        note: note === '' && !isKnown ? 'no document names it' : note,
      };
    }
  }
}
