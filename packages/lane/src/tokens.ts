// SPDX-License-Identifier: Apache-2.0
import type { FlagSpecs } from './flag-specs.js';

/** An argument, or a flag with its value. */
export type Token =
  | { readonly kind: 'terminator' }
  | { readonly kind: 'positional'; readonly value: string }
  | {
      readonly kind: 'option';
      readonly name: string;
      /** As it was given, with its dashes, without a value. */
      readonly rawName: string;
      readonly value: string | undefined;
      /** Whether the value stands in the same argument. */
      readonly isInline: boolean;
    };

/**
 * Splits arguments into flags, their values and what is neither, as `parseArgs` of Node does that is not strict. It is written here since
 * Node loads all of its own for it: that takes longer than the whole rest of what a lane does with its arguments.
 */
export function tokensOf(argv: readonly string[], specs: FlagSpecs): Token[] {
  const tokens: Token[] = [];
  /** What is left, the next one last. */
  const left = [...argv].reverse();
  for (let argument = left.pop(); argument !== undefined; argument = left.pop()) {
    if (argument === '--') {
      const rest = left.reverse().map((value) => ({ kind: 'positional', value }) as const);
      return [...tokens, { kind: 'terminator' }, ...rest];
    }
    if (isGroup(argument, specs)) {
      left.push(...separate(argument, specs).reverse());
      continue;
    }
    const token = tokenOf(argument, specs);
    const takesNext = token.kind === 'option' && !token.isInline && takesValue(token.name, specs);
    tokens.push(takesNext && left.length > 0 ? { ...token, value: left.pop() } : token);
  }
  return tokens;
}

/** Returns whether short flags stand together. */
function isGroup(argument: string, specs: FlagSpecs): boolean {
  if (argument.length <= 2 || !argument.startsWith('-') || argument.startsWith('--')) return false;
  return !takesValue(longName(argument[1] ?? '', specs), specs);
}

function tokenOf(argument: string, specs: FlagSpecs): Token {
  if (!argument.startsWith('-') || argument === '-') return { kind: 'positional', value: argument };
  if (!argument.startsWith('--')) {
    const value = argument.length > 2 ? argument.slice(2) : undefined;
    const name = longName(argument[1] ?? '', specs);
    return { kind: 'option', name, rawName: argument.slice(0, 2), value, isInline: value !== undefined };
  }
  const equals = argument.indexOf('=', 3);
  const rawName = equals < 0 ? argument : argument.slice(0, equals);
  const value = equals < 0 ? undefined : argument.slice(equals + 1);
  return { kind: 'option', name: rawName.slice(2), rawName, value, isInline: equals >= 0 };
}

/** Separates short flags that stand together: `-vq` is `-v -q`, and `-vofile` is `-v -ofile` where `-o` takes a value. */
function separate(argument: string, specs: FlagSpecs): string[] {
  const separated: string[] = [];
  for (let at = 1; at < argument.length; at++) {
    if (takesValue(longName(argument[at] ?? '', specs), specs))
      return [...separated, `-${argument.slice(at)}`];
    separated.push(`-${argument[at]}`);
  }
  return separated;
}

/** Returns the name of the flag that a letter is short for, or the letter. */
function longName(letter: string, specs: FlagSpecs): string {
  return Object.keys(specs).find((name) => specs[name]?.short === letter) ?? letter;
}

function takesValue(name: string, specs: FlagSpecs): boolean {
  return Object.hasOwn(specs, name) && specs[name]?.value !== 'none';
}
