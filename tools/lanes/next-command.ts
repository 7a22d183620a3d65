// SPDX-License-Identifier: Apache-2.0
/** Holds a command that a person is told to type against the lane that it names. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type FlagSpecs, parseFlags } from '../../packages/lane/src/index.js';
import { PLACEHOLDERS } from '../../packages/promotion/src/index.js';
import { parseCommand } from '../../packages/shell-words/src/index.js';
import { type Command, listCommands } from './commands.js';

/** Programs of others that a person is told to run. */
const OTHERS = new Set(['git', 'ssh-keygen']);
/** What stands in the place of a path, and is none. */
const NO_PATHS = new Set(['none', 'unsigned-local']);
/** Flags whose path is made by the command. */
const MADE = new Set(['output', 'output-dir']);
const KNOWN_TO_A_PERSON: ReadonlySet<string> = new Set(Object.values(PLACEHOLDERS));

let commands: Promise<readonly Command[]> | undefined;

/**
 * Parses a command as its lane does, and looks for every file that it names.
 * @param folder where it is to be typed
 * @param elsewhere paths that start in another folder: inputs of a build, where it was built
 * @throws Error for a command that nobody could type there
 */
export async function assertTypable(
  line: string,
  folder: string,
  elsewhere: readonly string[] = [],
): Promise<void> {
  const [, command = '', into] = /^(.*?)(?: > (\S+))?$/.exec(line) ?? [];
  if (into !== undefined && existsSync(resolve(folder, into))) throw new Error(`${line}: replaces ${into}`);
  const words = parseCommand(command);
  if (words[0] === 'env') words.splice(0, 2);
  const [bin = '', ...argv] = words;
  if (OTHERS.has(bin)) return;
  if (argv.includes('--help')) throw new Error(`${line}: sends a person to read`);
  commands ??= listCommands();
  const lanes = (await commands).filter((each) => each.bin === bin);
  const lane =
    lanes.find(({ words: [word] }) => word !== undefined && word === argv[0]) ??
    lanes.find(({ words: of }) => of.length === 0);
  if (lane === undefined) throw new Error(`${line}: no lane is called that`);
  const flags = parseFlags(argv.slice(lane.words.length), lane.flags);
  for (const path of pathsOf(flags, lane.flags)) {
    if (KNOWN_TO_A_PERSON.has(path) || elsewhere.includes(path)) continue;
    if (!existsSync(resolve(folder, path))) throw new Error(`${line}: ${path} is not there`);
  }
  for (const name of MADE) {
    const path: unknown = (flags as Record<string, unknown>)[name];
    if (typeof path !== 'string') continue;
    if (existsSync(resolve(folder, path))) throw new Error(`${line}: ${path} is there already`);
    if (!existsSync(dirname(resolve(folder, path)))) throw new Error(`${line}: ${path} has no folder`);
  }
}

/** Lists the files that the flags name and that have to be there. */
function pathsOf(flags: Readonly<Record<string, unknown>>, specs: FlagSpecs): string[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const value = flags[name];
    if (MADE.has(name) || (spec.value !== 'path' && spec.value !== 'paths')) return [];
    return [value].flat().filter((path): path is string => typeof path === 'string' && !NO_PATHS.has(path));
  });
}
