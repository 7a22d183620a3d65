// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { lineOf, sectionOf } from '../read/document.js';
import { EVALUATION } from '../read/titles.js';
import { BOARD_GROUPS } from './board-fields.js';
import { findNamed } from './find.js';
import type { Board, BoardField } from './model.js';

/** A field of an evaluation and the command for it that its document names. */
const EVIDENCE = /^(.+) sha256:([0-9a-f]{64})$/;

/** Makes the board of the first evaluation of a folder; undefined where there is none. */
export function gatherBoard(files: readonly EvidenceFile[]): Board | undefined {
  const file = files.find((each) => isDocument(each, EVALUATION));
  if (file === undefined || !isDocument(file)) return undefined;
  const commands = new Map(sectionOf(file, 'unsatisfied').map(({ key, value }) => [key, value]));
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
  const [, path, sha256] = EVIDENCE.exec(evidence) ?? [];
  const base = { key, name: words, sha256, command };
  if (flag === undefined)
    return { ...base, state: 'unknown', word: 'unknown', evidence: 'the evaluation does not name it' };
  const missing = /^missing: (.*)$/.exec(evidence)?.[1];
  if (flag !== '1') return { ...base, state: 'todo', word: 'missing', evidence: missing ?? evidence };
  if (missing !== undefined)
    return {
      ...base,
      state: 'bad',
      word: 'broken',
      evidence: `holds, and what it needs is missing: ${missing}`,
    };
  const found = findNamed(files, path, file.folder);
  if (sha256 === undefined || path === undefined) return { ...base, state: 'good', word: 'holds', evidence };
  if (files.some((each) => each.sha256 === sha256))
    return { ...base, state: 'good', word: 'holds', evidence: path };
  if (found === undefined)
    return { ...base, state: 'unknown', word: 'not here', evidence: `${path}, not in this folder` };
  return {
    ...base,
    state: 'bad',
    word: 'broken',
    evidence: `${path} is another file than the evaluation names`,
  };
}
