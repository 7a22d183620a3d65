// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';
import { parsePublicLine } from '../key/line.js';
import { isCertificateType, isKeyType, type PublicKey } from '../key/types.js';
import { readList } from './lines.js';
import { parseOptions, type SignerOptions } from './options.js';
import { parsePatterns } from './pattern.js';

/** A line of the allowed signers: whose key it is, for what, and when. */
export interface AllowedSigner extends Omit<SignerOptions, 'isAuthority'> {
  /** The number of the line, from 1. */
  readonly line: number;
  /** Patterns of names. */
  readonly principals: readonly string[];
  readonly key: PublicKey;
}

/** The allowed signers, as their lines stand. */
export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[];
  /** Lines with `cert-authority`: they grant nothing here. */
  readonly authorities: readonly AllowedSigner[];
}

/**
 * Reads a list of allowed signers in the grammar of ssh-keygen(1), ALLOWED SIGNERS, stricter: a line that cannot be read
 * refuses the list, times are of UTC and exist, and a certificate is no key.
 * @throws SignatureError `bad-allowed-signers`, with the line's number
 */
export function parseAllowedSigners(bytes: Uint8Array): AllowedSigners {
  const lines = readList(bytes, {
    code: 'bad-allowed-signers',
    what: 'the allowed signers',
    read: parseLine,
  });
  const of = (wanted: boolean) =>
    lines.flatMap(({ isAuthority, ...signer }) => (isAuthority === wanted ? [signer] : []));
  return { signers: of(false), authorities: of(true) };
}

/**
 * Names, quoted as a whole where they hold blanks; then options, if the next word is no type of key; then the key. Within quotes
 * each character is taken in one way only, so that no line takes longer than it is long.
 */
const PRINCIPALS = /^(?:"([^"]*)"|([^" \t]+))[ \t]+(.*)$/;
const OPTIONS = /^((?:[^" \t]|"(?:[^"\\]|\\"|\\(?!"))*")+)[ \t]+(.*)$/;

function parseLine(text: string, line: number): AllowedSigner & { readonly isAuthority: boolean } {
  const [, quoted, bare, rest] = PRINCIPALS.exec(text) ?? [];
  const names = quoted ?? bare;
  if (names === undefined || rest === undefined) {
    throw malformed('expected <names> [options] <type> <base64>', text);
  }
  const principals = parsePatterns(names, 'names');
  const word = /^[^ \t]*/.exec(rest)?.[0] ?? '';
  if (isTypeOfKey(word)) return { line, principals, ...parseOptions(''), key: parsePublicLine(rest) };
  const [, options, key] = OPTIONS.exec(rest) ?? [];
  if (options === undefined || key === undefined) throw malformed('expected options and a key', rest);
  return { line, principals, ...parseOptions(options), key: parsePublicLine(key) };
}

/** Returns whether a word is a type of key, taken or not, so that one that is not is refused as such. */
function isTypeOfKey(word: string): boolean {
  return isKeyType(word) || isCertificateType(word) || /^(ssh|ecdsa|sk)-[a-z0-9@.-]+$/.test(word);
}

function malformed(expected: string, found: string): SignatureError {
  return new SignatureError('bad-allowed-signers', `${expected}, found ${quoteText(found)}`, {
    fix: 'write a line as ssh-keygen(1) has it under ALLOWED SIGNERS: alice@example.org ssh-ed25519 AAAA…',
  });
}
