// SPDX-License-Identifier: Apache-2.0
/** What lies in a folder, to be compared with what lay there before, and with what was to come. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below a folder, each with what is there: the bytes of a file as text, or what else it is. */
export type Tree = ReadonlyMap<string, string>;

/** The folders of inputs, which nobody writes to. */
const INPUTS = ['in', 'installer'];

/** Reads what lies below a folder beside its inputs, or with `inputs` those alone. */
export function readTree(folder: string, inputs = false): Tree {
  const tree = new Map<string, string>();
  const visit = (path: string) => {
    const at = join(folder, path);
    const stats = lstatSync(at);
    if (stats.isDirectory()) {
      if (path !== '') tree.set(path, 'a folder');
      for (const name of readdirSync(at).sort()) {
        if (path === '' && INPUTS.includes(name) !== inputs) continue;
        visit(join(path, name));
      }
    } else if (stats.isSymbolicLink()) tree.set(path, `a link to ${readlinkSync(at)}`);
    else tree.set(path, stats.isFile() ? contentOf(readFileSync(at)) : 'something else');
  };
  visit('');
  return tree;
}

const withoutTime = (text: string) => text.replace(/^timestamp_utc=.*$/gm, 'timestamp_utc=');

/** Far more than any report has. */
const MAX_TEXT = 64 << 10;

/** Returns the text of a small file, and the digest of a large one. */
function contentOf(bytes: Buffer): string {
  if (bytes.length > MAX_TEXT) return `a file: ${createHash('sha256').update(bytes).digest('hex')}`;
  return `a file: ${withoutTime(bytes.toString('latin1'))}`;
}

/** Names of what is temporary: beside the file or folder that it becomes, or that is worked in, or a place to work in. */
const TEMPORARY =
  /(^|\/)(\.[^/]+\.(\d+-)?[0-9a-f]{12}\.(tmp|staging)|\.[^/]+\.claim|\.boot-[^/]+|tmp\/[^/]+)(\/|$)/;

/** Lists what is temporary in a tree, each by the name that shows it. */
export function temporaries(tree: Tree): readonly string[] {
  const found = new Set<string>();
  for (const path of tree.keys()) {
    const match = TEMPORARY.exec(path);
    if (match !== null) found.add(path.slice(0, match.index + match[0].length).replace(/\/$/, ''));
  }
  return [...found];
}

/** Leaves out of a tree what is temporary. */
export const lasting = (tree: Tree): Tree => new Map([...tree].filter(([path]) => !TEMPORARY.test(path)));

/**
 * Makes the comparison of texts of two runs that nothing disturbed: the lines in which these differ, such as times, may
 * be anything in a third.
 */
export function sameAs(one: string, other: string): (found: string) => boolean {
  if (timeless(one) === timeless(other)) return (found) => timeless(found) === timeless(one);
  const [a, b] = [timeless(one).split('\n'), timeless(other).split('\n')];
  if (a.length !== b.length) return (found) => found.length > 0;
  return (found) => {
    const lines = timeless(found).split('\n');
    return lines.length === a.length && lines.every((line, at) => a[at] !== b[at] || line === a[at]);
  };
}

/** Two runs may take as long to a hundredth of a second, and a third not. */
const timeless = (text: string) => text.replace(/\b\d+\.\d{1,2} s\b/g, '? s');
