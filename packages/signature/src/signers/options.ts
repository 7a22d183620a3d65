// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';
import { parsePatterns } from './pattern.js';
import { parseTime } from './time.js';

/** What a line says of its key besides whose it is. */
export interface SignerOptions {
  /** Patterns of what it may sign for; undefined for anything but reviews. */
  readonly namespaces: readonly string[] | undefined;
  /** Seconds since 1970, both inclusive. */
  readonly validAfter: number | undefined;
  readonly validBefore: number | undefined;
  /** Whether it certifies other keys, and signs nothing itself. */
  readonly isAuthority: boolean;
}

const OPTION = /^([A-Za-z-]+)(?:=("(?:[^"\\]|\\"|\\(?!"))*"|[^,]*))?(?:,(?=.)|$)/;

/** Options that have a value; another reader takes their names in any case, so this one does too. */
const WITH_VALUE = ['namespaces', 'valid-after', 'valid-before'];

/**
 * Reads the options of a line, apart by commas without blanks.
 * @throws SignatureError `bad-allowed-signers` for an option that is unknown or given twice, and for a value that is none
 */
export function parseOptions(text: string): SignerOptions {
  const values = new Map<string, string | undefined>();
  for (let rest = text; rest !== ''; ) {
    const [whole = '', given = '', value] = OPTION.exec(rest) ?? [];
    if (whole === '') throw refuse(`expected options apart by commas, found ${quoteText(rest)}`);
    const name = given.toLowerCase();
    if (values.has(name)) throw refuse(`the option ${name} is given twice`);
    values.set(name, readValue(name, value));
    rest = rest.slice(whole.length);
  }
  const namespaces = values.get('namespaces');
  const [validAfter, validBefore] = ['valid-after', 'valid-before'].map((name) => {
    const value = values.get(name);
    return value === undefined ? undefined : parseTime(value);
  });
  if (validAfter !== undefined && validBefore !== undefined && validBefore <= validAfter) {
    throw refuse('valid-before is not later than valid-after');
  }
  return {
    namespaces: namespaces === undefined ? undefined : parsePatterns(namespaces, 'namespaces'),
    validAfter,
    validBefore,
    isAuthority: values.has('cert-authority'),
  };
}

function readValue(name: string, value: string | undefined): string | undefined {
  if (name === 'cert-authority') {
    if (value === undefined) return undefined;
    throw refuse('the option cert-authority has no value');
  }
  if (!WITH_VALUE.includes(name)) throw refuse(`unknown option ${quoteText(name)}`);
  if (value?.startsWith('"') !== true || !value.endsWith('"') || value === '"') {
    throw refuse(`the option ${name} needs a value in double quotes`);
  }
  return value.slice(1, -1).replaceAll('\\"', '"');
}

function refuse(reason: string): SignatureError {
  return new SignatureError('bad-allowed-signers', reason, {
    fix: 'the options are namespaces="…", valid-after="…", valid-before="…" and cert-authority',
  });
}
