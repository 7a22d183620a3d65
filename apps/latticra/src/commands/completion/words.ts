// SPDX-License-Identifier: Apache-2.0
import { COMMON_FLAGS, type FlagSpec, type FlagSpecs, type Lane, manifestFlag } from '@latticra/lane';
import type { CommandEntry } from '../../lanes/entry.js';
import { shortNameOf } from '../../lanes/find.js';
import { loadLane } from '../../lanes/load.js';
import { LANES } from '../../lanes/table.js';

/** One flag, as a shell completes it. */
export interface FlagWord {
  /** With its dashes. */
  readonly name: string;
  readonly help: string;
  /** What follows it: nothing, one of these words, a path, or something that no shell can know. */
  readonly takes: 'nothing' | 'path' | 'text' | readonly string[];
  /** Whether it may be given more than once. */
  readonly repeats: boolean;
}

/** One command line as far as its words are fixed. */
export interface CommandWords {
  /** The command as it is typed: `latticra seal check`, `latticra-seal check`. */
  readonly words: readonly string[];
  readonly summary: string;
  /** The words that may follow: of a program its commands, of `completion` the shells. */
  readonly next: readonly { readonly word: string; readonly summary: string }[];
  readonly flags: readonly FlagWord[];
  /** Whether a path may stand alone. */
  readonly takesPath: boolean;
}

/**
 * Lists every command line that there is, with all that can follow it, from the definitions of the lanes.
 * @param commands those of `latticra` itself
 */
export async function allCommandWords(commands: readonly CommandEntry[]): Promise<readonly CommandWords[]> {
  const found: CommandWords[] = [];
  const top: { word: string; summary: string }[] = [];
  for (const entry of [...commands, ...LANES]) {
    const names = [
      entry.name,
      entry.bin !== undefined ? (shortNameOf(entry, LANES, commands) ?? []) : [],
    ].flat();
    const heads = [
      ...names.map((name) => ['latticra', name]),
      ...(entry.bin !== undefined ? [[entry.bin]] : []),
    ];
    // The shortest name is the one to be found by a person who looks around.
    top.push({ word: names.at(-1) ?? entry.name, summary: entry.summary });
    const loaded = await loadLane(entry, entry.name);
    for (const words of heads) {
      if ('lane' in loaded) found.push(wordsOf(words, loaded.lane));
      else {
        const lanes = Object.entries(loaded.program.lanes);
        const next = lanes.map(([word, { summary }]) => ({ word, summary }));
        found.push({ words, summary: entry.summary, next, flags: [], takesPath: false });
        found.push(...lanes.map(([word, lane]) => wordsOf([...words, word], lane)));
      }
    }
  }
  const own = [
    { word: 'help', summary: 'tell how a command is used' },
    { word: 'version', summary: 'print the version' },
  ];
  const help = { words: ['latticra', 'help'], summary: 'tell how a command is used', takesPath: false };
  const man: FlagWord = { name: '--man', help: 'as a manual page', takes: 'nothing', repeats: false };
  return [
    { words: ['latticra'], summary: '', next: [...top, ...own], flags: [], takesPath: false },
    { ...help, next: top, flags: [man] },
    ...found,
  ];
}

function wordsOf(words: readonly string[], lane: Lane): CommandWords {
  const specs: FlagSpecs = { ...lane.flags, ...manifestFlag(lane), ...COMMON_FLAGS };
  const operand = Object.values(lane.flags).find((spec) => 'operand' in spec && spec.operand === true);
  const next = operand?.value === 'choice' ? operand.choices : [];
  return {
    words,
    summary: lane.summary,
    next: next.map((word) => ({ word, summary: operand?.help ?? '' })),
    flags: Object.entries(specs).map(([name, spec]) => ({
      name: `--${name}`,
      help: spec.help,
      takes: takenBy(spec),
      repeats: spec.value === 'paths' || spec.value === 'texts',
    })),
    takesPath: operand?.value === 'path',
  };
}

function takenBy(spec: FlagSpec): FlagWord['takes'] {
  switch (spec.value) {
    case 'none':
      return 'nothing';
    case 'choice':
      return spec.choices;
    case 'path':
    case 'paths':
      return 'path';
    case 'texts':
      return spec.known ?? 'text';
    default:
      return 'text';
  }
}

/** Lists the commands that a shell completes: `latticra`, and every lane by its long name. */
export function allBins(): readonly string[] {
  return ['latticra', ...LANES.map(({ bin }) => bin)];
}
