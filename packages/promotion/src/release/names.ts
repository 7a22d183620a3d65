// SPDX-License-Identifier: Apache-2.0

/** Letters of other scripts that look like a Latin one (Unicode Technical Standard 39, confusables.txt), in lower case. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    // Cyrillic
    ...['аa', 'ьb', 'сc', 'ԁd', 'еe', 'һh', 'іi', 'ӏl', 'јj', 'кk', 'мm', 'оo', 'рp', 'ԛq', 'гr', 'ѕs'],
    ...['тt', 'ѵv', 'ԝw', 'хx', 'уy', 'вb', 'нh', 'үy'],
    // Greek
    ...['αa', 'βb', 'εe', 'ηn', 'ιi', 'κk', 'μu', 'νv', 'οo', 'ρp', 'σo', 'τt', 'υu', 'χx', 'ωw', 'γy', 'ϲc'],
    // Latin, and Armenian
    ...['ıi', 'ɑa', 'ɡg', 'ᴏo', 'օo', 'սu', 'հh', 'ոn', 'զq', 'ցg'],
  ].map(([letter = '', latin = '']) => [letter, latin]),
);

/**
 * Says that a signature is of somebody else than a document names, as the end of a sentence.
 * @param what the one that it names is: `reviewer`, `operator`
 */
export function otherThanNamed(principal: string, named: string, what: string): string {
  const alike = lookOf(principal) === lookOf(named) ? ', which looks the same and is written otherwise' : '';
  return `is signed by ${principal}, but its ${what} is ${named}${alike}`;
}

/**
 * Returns what a name looks like: whatever its capitals, its accents and the way they are written, and letters of other scripts taken
 * for those that they look like. Two names that look the same are one, where it matters that two people are.
 */
export function lookOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return Array.from(plain, (letter) => LOOKALIKES[letter] ?? letter).join('');
}
