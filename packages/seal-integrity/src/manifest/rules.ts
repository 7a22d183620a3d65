// SPDX-License-Identifier: Apache-2.0
import { pathProblem } from '../path.js';
import { compilePattern } from '../pattern.js';
import { SEAL_FILES } from './schema.js';
import type { ManifestValue } from './value.js';

/** Says why a value breaks its rule, as `expected …` goes on, or undefined where it does not. */
type Rule = ((value: ManifestValue) => string | undefined) & { readonly optional?: true };

const is =
  (expected: string | number | boolean): Rule =>
  (value) =>
    value === expected ? undefined : JSON.stringify(expected);

const text: Rule = (value) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'a non-empty string';

const absentOr = (rule: Rule): Rule =>
  Object.assign((value: ManifestValue) => rule(value), { optional: true as const });

/** Makes a rule for a list of strings, each once, in which `problem` finds nothing. */
const strings =
  (what: string, problem: (element: string) => string | undefined = () => undefined): Rule =>
  (value) => {
    if (!isStrings(value)) return `a list of ${what}`;
    const twice = value.find((element, index) => value.indexOf(element) !== index);
    if (twice !== undefined) return `${JSON.stringify(twice)} once`;
    for (const element of value) {
      const found = problem(element);
      if (found !== undefined) return `${what}, but ${found}`;
    }
    return undefined;
  };

const patternProblem = (element: string) => {
  try {
    compilePattern(element);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const patterns = strings('patterns', patternProblem);

/** The patterns of denied names, which are of files: one for folders would deny nothing. */
const filePatterns = strings('patterns of files', (element) =>
  element.endsWith('/')
    ? `pattern ${JSON.stringify(element)} means folders, and denies nothing`
    : patternProblem(element),
);

const paths = strings('paths from the root', (element) => {
  const problem = pathProblem(element);
  return problem === undefined ? undefined : `${JSON.stringify(element)} ${problem}`;
});

/** The least length of a marker: shorter ones would be found in every file. */
const MIN_MARKER_BYTES = 4;

function markerProblem(parts: readonly string[], isTwice: boolean): string | undefined {
  if (parts.length === 0) return 'at least one part';
  if (Buffer.byteLength(parts.join('')) < MIN_MARKER_BYTES)
    return `parts of at least ${MIN_MARKER_BYTES} bytes together`;
  if (parts.includes('')) return 'no empty part';
  return isTwice ? 'no text of an earlier one' : undefined;
}

const markerParts: Rule = (value) => {
  if (!Array.isArray(value) || !value.every(isStrings)) return 'lists of parts of text';
  const markers = value.map((parts) => parts.join(''));
  for (const [index, parts] of value.entries()) {
    const problem = markerProblem(parts, markers.indexOf(parts.join('')) < index);
    if (problem !== undefined) return `${problem} in marker ${index + 1}`;
  }
  return undefined;
};

function isStrings(value: ManifestValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

const includeAll: Rule = (value) =>
  isStrings(value) && value.length === 1 && value[0] === '.' ? undefined : '["."]';

const reserved = absentOr(is(''));

/** The rules by section and key; `''` is what stands before the first section. */
const MANIFEST_RULES = {
  '': { schema: is('latticra.seal/v0.1'), format: is('toml'), kind: is('local-integrity-manifest') },
  project: {
    name: text,
    id: text,
    version: text,
    repository: text,
    license: text,
    description: absentOr(text),
  },
  seal: {
    mode: is('local-integrity'),
    status: is('unsigned'),
    algorithm: is('sha256'),
    digest_encoding: is('hex'),
    canonicalization: is('relative-path + raw-bytes + unix-lf-preferred'),
    trust_boundary: is('project-root'),
  },
  paths: { include: includeAll, exclude: patterns },
  policy: {
    require_readme: is(true),
    require_license: is(true),
    deny_private_keys: is(true),
    deny_env_files: is(true),
    deny_obvious_tokens: is(true),
    deny_large_binaries: absentOr(is(false)),
    max_file_size_mb: absentOr(is(25)),
  },
  'policy.required_files': { paths },
  'policy.deny_filenames': { patterns: filePatterns },
  'policy.deny_contents': { pattern_parts: markerParts },
  report: {
    default_output: is(SEAL_FILES.report),
    hash_list_output: is(SEAL_FILES.hashList),
    legacy_smoke_output: is(SEAL_FILES.smokeReport),
    legacy_smoke_hash_list_output: is(SEAL_FILES.smokeHashList),
    include_file_list: is(true),
    include_policy_results: is(true),
    include_digest_summary: is(true),
  },
  proof: {
    manifest_hash: reserved,
    root_hash: reserved,
    signature_algorithm: reserved,
    signature: reserved,
    public_key: reserved,
  },
} as const satisfies Record<string, Record<string, Rule>>;

/** The rules by section and key, for looking up by any name. */
export const RULES_BY_SECTION: ReadonlyMap<string, ReadonlyMap<string, Rule>> = new Map(
  Object.entries(MANIFEST_RULES).map(([section, rules]) => [
    section,
    new Map<string, Rule>(Object.entries(rules)),
  ]),
);
