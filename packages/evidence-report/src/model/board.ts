// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { lineOf, sectionOf } from '../read/document.js';
import { EVALUATION } from '../read/titles.js';
import { BOARD_GROUPS } from './board-fields.js';
import { findNamed } from './find.js';
import type { Board, BoardField, Source } from './model.js';

/** A file that shows a field; a field has one or more of them, with `; ` between. */
const CITED = /^(.+) sha256:([0-9a-f]{64})$/;
/** What is to be typed next, with its field before it. */
const NEXT = /^([a-z0-9_]+): (.+)$/;

/** Makes the board of the first evaluation of a folder; undefined where there is none. */
export function gatherBoard(files: readonly EvidenceFile[]): Board | undefined {
  const file = files.find((each) => isDocument(each, EVALUATION));
  if (file === undefined || !isDocument(file)) return undefined;
  const commands = new Map(
    sectionOf(file, 'unsatisfied').flatMap(({ value }): [string, string][] => {
      const [, key, command] = NEXT.exec(value) ?? [];
      return key === undefined || command === undefined ? [] : [[key, command]];
    }),
  );
  const groups = BOARD_GROUPS.map(({ name, fields }) => ({
    name,
    fields: fields.map(([key, words]) => boardField(files, file, { key, words, command: commands.get(key) })),
  }));
  const all = groups.flatMap(({ fields }) => fields);
  return {
    source: file,
    groups,
    held: all.filter(({ state }) => state === 'good').length,
    total: all.length,
  };
}

function boardField(
  files: readonly EvidenceFile[],
  file: DocumentFile,
  {
    key,
    words,
    command,
  }: { readonly key: string; readonly words: string; readonly command: string | undefined },
): BoardField {
  const flag = lineOf(file, key);
  const evidence = lineOf(file, `${key}_evidence`) ?? '';
  const cited = citedIn(evidence);
  const base = { key, name: words, cited: [] as readonly Source[], command };
  if (flag === undefined)
    return { ...base, state: 'unknown', word: 'unknown', evidence: 'the evaluation does not name it' };
  const missing = /^missing: (.*)$/.exec(evidence)?.[1];
  if (flag !== '1') return { ...base, state: 'todo', word: 'missing', evidence: needs(missing ?? evidence) };
  if (missing !== undefined)
    return {
      ...base,
      state: 'bad',
      word: 'broken',
      evidence: `holds, and what it needs is missing: ${missing}`,
    };
  if (cited.length === 0) return { ...base, state: 'good', word: 'holds', evidence };
  const absent = cited.filter(({ sha256 }) => !files.some((each) => each.sha256 === sha256));
  const other = absent.find(({ path }) => findNamed(files, path, file.folder) !== undefined);
  if (other !== undefined) {
    return {
      ...base,
      state: 'bad',
      word: 'broken',
      evidence: `${other.path} is another file than the evaluation names`,
    };
  }
  const [first] = absent;
  if (first !== undefined)
    return { ...base, state: 'unknown', word: 'not here', evidence: `${first.path}, not in this folder` };
  const found = cited.flatMap(({ path, sha256 }) => {
    const here = findNamed(files, path, file.folder);
    const source = here?.sha256 === sha256 ? here : files.find((each) => each.sha256 === sha256);
    return source === undefined ? [] : [source];
  });
  return { ...base, cited: [...new Set(found)], state: 'good', word: 'holds', evidence: '' };
}

/** Makes a sentence of what an evaluation says that a field lacks: it begins with a noun. */
function needs(lacking: string): string {
  return /^(?:no|not|nobody|it|none)\b/.test(lacking) ? lacking : `needs ${lacking}`;
}

/** Returns the files that an evaluation names for a field, each with its digest. */
function citedIn(evidence: string): { readonly path: string; readonly sha256: string }[] {
  return evidence.split('; ').flatMap((part) => {
    const [, path, sha256] = CITED.exec(part) ?? [];
    return path === undefined || sha256 === undefined ? [] : [{ path, sha256 }];
  });
}
