// SPDX-License-Identifier: Apache-2.0
import ts from 'typescript';
import { lineOf } from './syntax.js';

/** The title of a test as its file has it. */
export interface Title {
  /** Of the call, counted from 1. */
  readonly line: number;
  /** Without its quotes; a value that is put into it stands as `%s`. */
  readonly text: string;
}

const DECLARES = new Set(['it', 'itWith', 'test']);
const CHAINED = new Set([
  'concurrent',
  'each',
  'fails',
  'for',
  'only',
  'runIf',
  'sequential',
  'skip',
  'skipIf',
]);

/** Finds the titles that a file gives to its tests; one that is no literal is left out. */
export function titlesIn(source: ts.SourceFile): readonly Title[] {
  const found: Title[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && declaresTest(node.expression)) {
      const title = node.arguments.map(textOf).find((text) => text !== undefined);
      if (title !== undefined) found.push({ line: lineOf(node), text: title });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Returns whether a call of this declares a test: `it`, `it.each(…)`, `it.skipIf(…)`, `itWith`. */
function declaresTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return DECLARES.has(callee.text);
  if (ts.isCallExpression(callee) || ts.isTaggedTemplateExpression(callee)) {
    return declaresTest(ts.isCallExpression(callee) ? callee.expression : callee.tag);
  }
  return (
    ts.isPropertyAccessExpression(callee) && CHAINED.has(callee.name.text) && declaresTest(callee.expression)
  );
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text.concat(...node.templateSpans.map(({ literal }) => `%s${literal.text}`));
}

/** First words that hang on what the `describe` around a test says, and what a sentence does not begin with. */
const LEANING = new Set(
  `after also and as at because before behind beside between beyond but by else even for from if in into never nor
  not of on only or over so still than that then they through to twice under unless until when where which while
  who with within without
  agree are be been being can cannot carry come could declare depend did do does exist find get give go had has
  have hold is keep lead leave let make may might miss must need obey pass refuse say shall should take tell was
  were will would write
  accepts adds agrees allocates allows answers appears asks assembles becomes begins believes belongs boots breaks
  brings builds bundles calls carries changes chooses claims clears clones closes comes compares computes conforms
  contains continues copies counts covers creates cuts decides declares decompresses denies describes detects
  differs distinguishes draws drives drops ends escapes exits expects explains fails fills finds fits follows
  forgets gathers gets gives goes grows hands hangs happens hears holds ignores infers insists judges keeps kills
  knows leaves lets lies listens lists looks loses makes marks means measures meets merges misses mixes moves
  names needs obeys offers opens orders passes picks plans prefers prepares prints produces proves puts quotes
  reaches reads records refers refuses rejects relates releases removes repeats replaces replies reports requires
  resolves restores returns runs says scans sees selects sends sets shows sits skips sorts speaks splits stages
  stands starts stays stops stores suits sums survives takes talks tells throws treats tries turns uses validates
  verifies waits wants warns wins works writes`.split(/\s+/),
);

/** Words of those that may also be nouns, as what follows then tells. */
const EITHER =
  /^(answers|boots|builds|calls|changes|claims|copies|counts|ends|lists|marks|names|orders|plans|quotes|records|reports|runs)(,| (of|are|differ|have)\b)/;

/** Plain words that are verbs where an article or the like follows, and nouns or parts of nouns elsewhere. */
const PLURAL_VERB =
  /^(boot|build|copy|end|killed|name|place|read|record|replaced|report|show|split|write) (a|all|an|and|any|during|each|every|from|its|no|the|what)\b/;

/** Returns whether a title can be read without the titles around it: it begins as a sentence, and says something. */
export function standsAlone(title: string): boolean {
  const said = title.replace(/%[a-z%#]|\$[\w.]+/g, '');
  if ((said.match(/\p{L}[\p{L}\p{N}'’-]+/gu) ?? []).length < 2) return false;
  const first = /^[\w-]+/.exec(title)?.[0] ?? '';
  return !PLURAL_VERB.test(title) && (!LEANING.has(first) || EITHER.test(title));
}
