// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { LaneError } from './error.js';

interface FlagBase {
  /** One line for `--help`. */
  readonly help: string;
  /** A lane without it ends with exit code 64. */
  readonly required?: boolean;
  /** One letter that stands for it behind one dash. */
  readonly short?: string;
  /** A flag that takes no value, which people give this one's value: `version`. */
  readonly insteadOf?: string;
}

/**
 * A flag of a lane, by what it takes. The value of one that is an `operand` may stand alone, without the flag in front; several of
 * them are taken in their order.
 */
export type FlagSpec =
  /** A path of a file or folder; `placeholder` names it in `--help`. */
  | (FlagBase & {
      readonly value: 'path';
      readonly default?: string;
      readonly placeholder?: string;
      readonly operand?: boolean;
    })
  /** One path or more, behind one flag or behind one each; an empty list where there are none. */
  | (FlagBase & { readonly value: 'paths'; readonly placeholder?: string })
  /** One text or more, behind one flag each; an empty list where there are none. */
  | (FlagBase & {
      readonly value: 'texts';
      readonly placeholder?: string;
      /** Takes everything behind `--` as well, flags of others among it. At most one flag of a lane has this. */
      readonly rest?: boolean;
      /** The texts that there are, where they are known: what a shell offers. Another one is for the lane to refuse. */
      readonly known?: readonly string[];
    })
  | (FlagBase & {
      readonly value: 'text';
      readonly default?: string;
      readonly placeholder?: string;
      readonly operand?: boolean;
    })
  | (FlagBase & {
      readonly value: 'choice';
      readonly choices: readonly string[];
      readonly default?: string;
      readonly operand?: boolean;
    })
  | (FlagBase & {
      readonly value: 'integer';
      readonly default?: number;
      readonly min: number;
      readonly max: number;
    })
  /** Given or not given. */
  | (FlagBase & { readonly value: 'none' });

/** The flags of a lane by name, without the dashes, in the order `--help` lists them. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

type ValueOf<Spec extends FlagSpec> = Spec extends { readonly value: 'integer' }
  ? number
  : Spec extends { readonly value: 'none' }
    ? boolean
    : Spec extends { readonly value: 'paths' | 'texts' }
      ? readonly string[]
      : Spec extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type Present<Spec extends FlagSpec> = Spec extends
  | { readonly value: 'none' | 'paths' | 'texts' }
  | { readonly required: true }
  ? ValueOf<Spec>
  : Spec extends { readonly default: string | number }
    ? ValueOf<Spec>
    : ValueOf<Spec> | undefined;

/** What was given, by name, typed by the specs: `undefined` where a flag is optional and has no default. */
export type FlagValues<Specs extends FlagSpecs> = { readonly [Name in keyof Specs]: Present<Specs[Name]> };

/** The flag that a single value of a `paths` flag is read as. */
const PATH = { value: 'path', help: '' } as const;

/** The longest flag that a message shows as it is. */
const MAX_SHOWN = 60;
/** What Node puts for bytes of an argument that are no UTF-8: a path with it is another file's, if anybody's. */
const REPLACEMENT = '\ufffd';

type Value = string | number | boolean | readonly string[];

/** The flags that stand among the arguments, by name. */
export type GivenFlags = ReadonlyMap<string, Value>;

/**
 * Reads the arguments of a command: `--name value` and `--name=value`, each at most once; only a flag that
 * takes paths or texts may be given again, and one that takes paths be followed by several.
 * @throws LaneError `usage`, `unsafe-value`
 */
export function parseFlags<const Specs extends FlagSpecs>(
  argv: readonly string[],
  specs: Specs,
): FlagValues<Specs> {
  return completeFlags(readFlags(argv, specs), specs) as FlagValues<Specs>;
}

/** Reads the flags that were given, as {@link parseFlags} does, whether or not all are that have to be. */
export function readFlags(argv: readonly string[], specs: FlagSpecs): GivenFlags {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      {
        type: spec.value === 'none' ? ('boolean' as const) : ('string' as const),
        ...(spec.short === undefined ? {} : { short: spec.short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, Value>();
  /** The flag that takes whatever is no flag. */
  let open: string | undefined;
  const operands = Object.entries(specs).filter(([, spec]) => isOperand(spec));
  /** Whether `--` came already. */
  let isBehind = false;
  const rest = Object.entries(specs).find(([, spec]) => spec.value === 'texts' && spec.rest === true);
  /** The lists that grow; one that were copied for each value would take hours for the paths of a large folder. */
  const lists = new Map<string, string[]>();
  const addTo = (name: string, text: string) => {
    const list = lists.get(name) ?? [];
    list.push(text);
    lists.set(name, list);
    values.set(name, list);
  };
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'option-terminator') {
      if (rest === undefined) throw new LaneError('usage', `unexpected argument --`);
      open = rest[0];
      isBehind = true;
      continue;
    }
    if (token.kind === 'positional') {
      if (open !== undefined) {
        addTo(open, readText(open, PATH, token.value, isBehind));
        continue;
      }
      const operand = operands.find(([name]) => !values.has(name));
      if (operand !== undefined) {
        const [name, spec] = operand;
        values.set(name, readText(name, spec, token.value, false));
        continue;
      }
      const before = tokens[index - 1];
      if (before?.kind === 'option') assertTakesNone(before.name, token.value, specs);
      throw new LaneError('usage', `unexpected argument ${quoteText(token.value)}`, {
        fix: 'every value follows a flag; see --help',
      });
    }
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined)
      throw new LaneError('usage', `unknown flag ${showFlag(token.rawName)}${suggestion(token.name, specs)}`);
    const isInline = token.inlineValue === true;
    if (token.value !== undefined) assertTakesNone(token.name, token.value, specs);
    open = spec.value === 'paths' ? token.name : undefined;
    if (spec.value === 'paths' || spec.value === 'texts') {
      addTo(token.name, readText(token.name, spec, token.value, isInline));
      continue;
    }
    if (values.has(token.name)) throw new LaneError('usage', `--${token.name}: given twice`);
    values.set(token.name, readValue(token.name, spec, token.value, isInline));
  }
  return values;
}

/** Refuses a value behind a flag that takes none, where another flag is the one that was meant. @throws LaneError `usage` */
function assertTakesNone(name: string, value: string, specs: FlagSpecs): void {
  const meant = Object.keys(specs).find((other) => specs[other]?.insteadOf === name);
  if (meant === undefined || specs[name]?.value !== 'none') return;
  const shown = /^[\w.+-]{1,60}$/.test(value) ? value : '<value>';
  throw new LaneError('usage', `--${name}: takes no value, found ${quoteText(value)}`, {
    fix: `write --${meant} ${shown}`,
  });
}

/** Returns whether the value of a flag may stand alone. */
export function isOperand(spec: FlagSpec): boolean {
  return 'operand' in spec && spec.operand === true;
}

/**
 * Returns the value of every flag: as given, else its default.
 * @throws LaneError `usage` where one that is required was not given
 */
export function completeFlags(
  given: GivenFlags,
  specs: FlagSpecs,
): Readonly<Record<string, Value | undefined>> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const value = given.get(name);
      if (value !== undefined) return [name, value];
      if (spec.value === 'none') return [name, false];
      if (spec.required === true) throw new LaneError('usage', `--${name}: required, ${describeValue(spec)}`);
      return [name, spec.value === 'paths' || spec.value === 'texts' ? [] : spec.default];
    }),
  );
}

function readValue(name: string, spec: FlagSpec, value: string | undefined, inline: boolean): Value {
  if (spec.value === 'none') {
    if (inline) throw new LaneError('usage', `--${name}: takes no value`);
    return true;
  }
  const text = readText(name, spec, value, inline);
  return spec.value === 'integer' ? Number(text) : text;
}

/** Returns one value as it was given, and refuses one that the flag does not take. */
function readText(name: string, spec: FlagSpec, value: string | undefined, inline: boolean): string {
  const bad = (found: string, fix?: string) =>
    new LaneError(
      'usage',
      `--${name}: expected ${describeValue(spec)}, found ${found}`,
      fix === undefined ? {} : { fix },
    );
  if (value === undefined) throw bad('nothing');
  if (value === '') throw bad('an empty value');
  if (!inline && value.startsWith('--'))
    throw bad(quoteText(value), `write --${name}=<value> if that is the value`);
  if (spec.value === 'integer') {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value) || number < spec.min || number > spec.max) throw bad(quoteText(value));
  }
  if (spec.value === 'choice' && !spec.choices.includes(value)) throw bad(quoteText(value));
  if (!isPlainText(value) || value.includes(REPLACEMENT)) {
    throw new LaneError(
      'unsafe-value',
      `--${name}: expected one line of UTF-8 without control or invisible characters, found ${quoteText(value)}`,
    );
  }
  return value;
}

/** Returns in words what a flag takes, for errors. */
function describeValue(spec: FlagSpec): string {
  switch (spec.value) {
    case 'path':
    case 'paths':
      return 'a path';
    case 'text':
    case 'texts':
      return 'a value';
    case 'choice':
      return spec.choices.join(' or ');
    case 'integer':
      return `a whole number from ${spec.min} to ${spec.max}`;
    case 'none':
      return 'no value';
  }
}

/** Returns an unknown flag for a message. */
function showFlag(flag: string): string {
  return flag.length > MAX_SHOWN || !isPlainText(flag) ? quoteText(flag) : flag;
}

/**
 * Returns the end of an error about an unknown flag: the known flag with a typing slip, an abbreviation or
 * something appended, else a hint at `--help`.
 */
function suggestion(name: string, specs: FlagSpecs): string {
  const known = Object.keys(specs).sort((a, b) => b.length - a.length);
  const close =
    known.find((candidate) => isOneSlip(name, candidate)) ??
    known.find((candidate) => candidate.startsWith(name) || name.startsWith(candidate));
  return close === undefined ? '; see --help' : `; did you mean --${close}?`;
}

/** Returns whether two names differ by one letter added, missing or changed, or by two neighbours swapped. */
function isOneSlip(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0])
  );
}
