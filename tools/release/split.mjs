// SPDX-License-Identifier: Apache-2.0
/** Makes of a changeset for several packages one for each, so that a changelog speaks of its own package. */

/** A sentence that goes on with what the one before said. */
const GOES_ON = /^(It|Its|They|Their|Both|Each|That|This|These|Those|Such|So|Then|There|The same)\b/;

/**
 * Returns the changeset of every package that one names: the sentences that name this package, and those that name none. A
 * sentence that names only others of the changeset is theirs. Where nothing would be left, all of it stays.
 * @param changeset `{ summary, releases: [{ name, type }] }`
 */
export function splitChangeset({ summary, releases }) {
  const names = releases.map(({ name }) => name);
  const sentences = sentencesOf(summary);
  return releases.map(({ name, type }) => {
    const kept = sentences.filter((sentence) => {
      const named = names.filter((each) => isNamed(each, sentence));
      return named.length === 0 || named.includes(name);
    });
    return { name, type, summary: kept.length === 0 ? summary : kept.join(' ') };
  });
}

/** Splits a text into sentences; one that goes on with the last is part of it, and a text with lists or code is one. */
export function sentencesOf(text) {
  if (/^\s*([-*|>]|\d+\.|```)/m.test(text)) return [text.trim()];
  const parts = text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .split(/(?<=[.:!?][)`"']?) (?=[A-Z`"'@])/);
  const sentences = [];
  for (const part of parts) {
    const last = sentences.at(-1);
    if (last !== undefined && (GOES_ON.test(part) || last.endsWith(':')))
      sentences.splice(-1, 1, `${last} ${part}`);
    else sentences.push(part);
  }
  return sentences;
}

/** Whether a sentence names a package, with its scope or without, in backticks. */
function isNamed(name, sentence) {
  const short = name.replace(/^@[^/]+\//, '');
  return [...sentence.matchAll(/`([^`]+)`/g)].some(([, quoted]) =>
    [name, short, `latticra-${short}`].some((each) => quoted === each || quoted.startsWith(`${each}/`)),
  );
}
