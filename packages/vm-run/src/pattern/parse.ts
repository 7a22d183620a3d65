// SPDX-License-Identifier: Apache-2.0
import { ANY, classNamed, only, rangesOf } from './classes.js';
import { type CodePoints, MAX_COUNT, MAX_PATTERN, type Part, PatternProblem } from './syntax.js';

/** Escapes of one control character. */
const CONTROLS: Readonly<Record<string, number>> = { t: 9, v: 11, f: 12, r: 13 };

/**
 * Parses the part of ECMAScript's patterns that an automaton can decide: characters, `.`, sets, the classes `\d \w \s` and
 * their opposites, groups, `|`, `* + ? {n,m}`, `^` and `$`. Look-around, back references and word boundaries are none of it.
 * @throws PatternProblem
 */
export function parsePattern(source: string): Part {
  const text = Array.from(source);
  if (text.length > MAX_PATTERN)
    throw new PatternProblem(`${text.length} characters, expected at most ${MAX_PATTERN}`);
  let at = 0;
  const isNext = (character: string) => text[at] === character;
  const take = (): string => {
    const character = text[at];
    if (character === undefined) throw new PatternProblem('an end in the middle');
    at += 1;
    return character;
  };

  function choice(): Part {
    const parts = [sequence()];
    while (isNext('|')) {
      take();
      parts.push(sequence());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
  }

  function sequence(): Part {
    const parts: Part[] = [];
    while (at < text.length && !isNext('|') && !isNext(')')) parts.push(repeated());
    return { kind: 'sequence', parts };
  }

  function repeated(): Part {
    const part = atom();
    const counts = count();
    if (counts === undefined) return part;
    if (part.kind === 'start' || part.kind === 'end') throw new PatternProblem('a count behind ^ or $');
    if (isNext('?')) take(); // whether a match is the longest does not matter here
    if (count() !== undefined) throw new PatternProblem('a count behind a count');
    return { kind: 'repeat', part, ...counts };
  }

  /** Takes `*`, `+`, `?` or `{n,m}`, where one stands there. */
  function count(): { readonly least: number; readonly most: number | undefined } | undefined {
    if (isNext('*') || isNext('+')) return { least: take() === '*' ? 0 : 1, most: undefined };
    if (isNext('?')) {
      take();
      return { least: 0, most: 1 };
    }
    if (!isNext('{')) return undefined;
    const found = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(text.slice(at, at + 9).join(''));
    if (found === null) throw new PatternProblem('a { that is no count; write \\{ for the character');
    at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === '' ? undefined : Number(found[3]);
    if (least > MAX_COUNT || (most ?? 0) > MAX_COUNT) throw new PatternProblem(`a count over ${MAX_COUNT}`);
    if (most !== undefined && most < least) throw new PatternProblem(`the count ${found[0]}`);
    return { least, most };
  }

  function atom(): Part {
    const character = take();
    switch (character) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'one', of: ANY };
      case '(':
        return group();
      case '[':
        return { kind: 'one', of: set() };
      case '\\':
        return { kind: 'one', of: escaped('') };
      case '*':
      case '+':
      case '?':
      case '{':
        throw new PatternProblem(`a ${character} with nothing before it`);
      case ']':
      case '}':
        throw new PatternProblem(`a ${character} alone; write \\${character} for the character`);
      default:
        return { kind: 'one', of: only(codePoint(character)) };
    }
  }

  function group(): Part {
    if (isNext('?')) {
      take();
      if (take() !== ':') throw new PatternProblem('a group of another kind than (…) and (?:…)');
    }
    const inside = choice();
    if (!isNext(')')) throw new PatternProblem('a ( that is never closed');
    take();
    return inside;
  }

  function escaped(also: string): CodePoints {
    const letter = take();
    const named = classNamed(letter);
    if (named !== undefined) return named;
    if (Object.hasOwn(CONTROLS, letter)) return only(CONTROLS[letter] ?? 0);
    // As ECMAScript with its flag u, where no other character may be escaped.
    if (!`\\^$.*+?()[]{}|/${also}`.includes(letter))
      throw new PatternProblem(`\\${letter}, which is not taken`);
    return only(codePoint(letter));
  }

  function set(): CodePoints {
    const negated = isNext('^');
    if (negated) take();
    const ranges: (readonly [number, number])[] = [];
    while (!isNext(']')) {
      const first = member();
      if (isNext('-') && text[at + 1] !== ']') {
        take();
        const last = member();
        const [from, to] = [single(first), single(last)];
        if (to < from) throw new PatternProblem('a range that ends before it begins');
        ranges.push([from, to]);
      } else ranges.push(...rangesOf(first));
    }
    take();
    return { negated, ranges };
  }

  function member(): CodePoints {
    const character = take();
    return character === '\\' ? escaped('-') : only(codePoint(character));
  }

  const pattern = choice();
  if (at < text.length) throw new PatternProblem('a ) that nothing opens');
  return pattern;
}

const codePoint = (character: string) => character.codePointAt(0) ?? 0;

function single({ ranges }: CodePoints): number {
  const [range] = ranges;
  if (ranges.length !== 1 || range === undefined || range[0] !== range[1]) {
    throw new PatternProblem('a range from or to more than one character');
  }
  return range[0];
}
