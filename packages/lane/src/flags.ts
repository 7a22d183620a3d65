// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { LaneError } from './error.js';
import { type FlagSpecs, type FlagValues, isOperand } from './flag-specs.js';
import { describeValue, readText, readValue, type Value } from './flag-value.js';
import { tokensOf } from './tokens.js';
import { unknownFlag } from './unknown-flag.js';

/** The flag that a single value of a `paths` flag is read as. */
const PATH = { value: 'path', help: '' } as const;

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
  // Many a lane is asked without any: then what reads them is not even compiled.
  return argv.length === 0 ? new Map() : readTokens(argv, specs);
}

function readTokens(argv: readonly string[], specs: FlagSpecs): GivenFlags {
  const tokens = tokensOf(argv, specs);
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
    if (token.kind === 'terminator') {
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
    if (spec === undefined) throw unknownFlag(token.name, token.rawName, specs);
    const { isInline } = token;
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
