// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';

/** What a distribution compresses modules with. */
export const COMPRESSED = /\.(gz|xz|zst)$/;
const MODULE_PATH = /^[\x21-\x39\x3b-\x7e]+\.ko(\.(gz|xz|zst))?$/;

const badList = (place: string, what: string) =>
  new LinuxImageError('modules-bad-list', `${place}: ${what}`, {
    fix: 'let depmod write it again: depmod <version> in the root file system',
  });

/** Returns the name of a module by its file: `dm_verity` of `kernel/drivers/md/dm-verity.ko.xz`. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(COMPRESSED, '').replace(/\.ko$/, '').replaceAll('-', '_');
}

/** Yields the lines of a text with their numbers; what follows the last LF is one too. */
function* linesOf(text: string): Generator<[string, number], void, undefined> {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) yield [line, index + 1];
}

/**
 * Reads `modules.dep`: of each module, the files that it depends on, directly or through others.
 * @throws LinuxImageError `modules-bad-list`
 */
export function parseDependencies(text: string): Map<string, readonly string[]> {
  const dependencies = new Map<string, readonly string[]>();
  for (const [line, number] of linesOf(text)) {
    const [path = '', rest, ...more] = line.split(':');
    const needed = (rest ?? '').split(' ').filter((part) => part !== '');
    if (rest === undefined || more.length > 0 || ![path, ...needed].every((part) => MODULE_PATH.test(part))) {
      throw badList(`modules.dep, line ${number}`, 'expected a file, a colon, and the files that it needs');
    }
    if (dependencies.has(path)) throw badList(`modules.dep, line ${number}`, `${path} for the second time`);
    dependencies.set(path, needed);
  }
  for (const [path, needed] of dependencies) {
    const unknown = needed.find((other) => !dependencies.has(other));
    if (unknown !== undefined) {
      throw badList('modules.dep', `${path} needs ${unknown}, which has no line`);
    }
  }
  return dependencies;
}

/** Reads `modules.builtin`: the names of the modules that are part of the kernel. @throws LinuxImageError `modules-bad-list` */
export function parseBuiltins(text: string): Set<string> {
  const names = new Set<string>();
  for (const [line, number] of linesOf(text)) {
    if (!MODULE_PATH.test(line))
      throw badList(`modules.builtin, line ${number}`, 'expected the path of a module');
    names.add(moduleName(line));
  }
  return names;
}
