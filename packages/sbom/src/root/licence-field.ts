// SPDX-License-Identifier: Apache-2.0

/** A licence expression of DEP-5, taken apart. */
export type LicenceTerm =
  | { readonly name: string; readonly exception: string | undefined }
  | { readonly operator: 'AND' | 'OR'; readonly terms: readonly LicenceTerm[] };

/** How many names one field may hold: real ones have fewer than twenty. */
const MAX_WORDS = 500;

/**
 * Reads the first line of a License field of a machine-readable copyright file (DEP-5, "License specification"): names,
 * `with … exception`, `and` before `or`, and a comma ahead of either, which binds weakest: `A or B, and C` means
 * `(A or B) and C`.
 * @returns undefined for what follows no grammar, such as `GPL-2+ and/or MIT`
 */
export function parseLicenceField(text: string): LicenceTerm | undefined {
  const words = text.match(/,|[^\s,]+/g) ?? [];
  if (words.length === 0 || words.length > MAX_WORDS) return undefined;
  const groups: string[][] = [[]];
  const joints: ('AND' | 'OR')[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word !== ',') {
      groups.at(-1)?.push(word);
      continue;
    }
    const joint = operatorOf(words[at + 1]);
    if (joint === undefined) return undefined;
    joints.push(joint);
    groups.push([]);
    at++;
  }
  const terms: LicenceTerm[] = [];
  for (const group of groups) {
    const term = parseGroup(group);
    if (term === undefined) return undefined;
    terms.push(term);
  }
  return join(terms, joints);
}

const operatorOf = (word: string | undefined) =>
  /^and$/i.test(word ?? '') ? 'AND' : /^or$/i.test(word ?? '') ? 'OR' : undefined;

function parseGroup(words: readonly string[]): LicenceTerm | undefined {
  const terms: LicenceTerm[] = [];
  const joints: ('AND' | 'OR')[] = [];
  for (let at = 0; at < words.length; at++) {
    const name = words[at] ?? '';
    if (operatorOf(name) !== undefined || /^with$/i.test(name) || name.includes('/')) return undefined;
    let exception: string | undefined;
    if (/^with$/i.test(words[at + 1] ?? '')) {
      const end = words.findIndex((word, index) => index > at + 1 && /^exceptions?$/i.test(word));
      const named = words.slice(at + 2, end);
      if (end < 0 || named.length === 0 || named.some((word) => operatorOf(word) !== undefined))
        return undefined;
      exception = named.join(' ');
      at = end;
    }
    terms.push({ name, exception });
    if (at + 1 === words.length) return join(terms, joints);
    const joint = operatorOf(words[++at]);
    if (joint === undefined) return undefined;
    joints.push(joint);
  }
  return undefined;
}

/** Joins terms by the operators between them, `AND` first. */
function join(terms: readonly LicenceTerm[], joints: readonly ('AND' | 'OR')[]): LicenceTerm | undefined {
  const alternatives: LicenceTerm[][] = [[]];
  for (const [index, term] of terms.entries()) {
    if (joints[index - 1] === 'OR') alternatives.push([]);
    alternatives.at(-1)?.push(term);
  }
  return combine(
    'OR',
    alternatives.map((all) => combine('AND', all)),
  );
}

/** Puts terms of one operator together; a single one stands for itself. */
function combine(operator: 'AND' | 'OR', terms: readonly LicenceTerm[]): LicenceTerm {
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { operator, terms };
}
