// SPDX-License-Identifier: Apache-2.0
import { EvidenceError } from './error.js';
import { isPlainText, quoteText } from './limits.js';

const HEX = /^[0-9a-f]{64}$/;
const PREFIX = 'sha256:';

/** Returns whether `text` is 64 lower-case hexadecimal digits. */
export function isSha256Hex(text: string): boolean {
  return HEX.test(text);
}

/**
 * Writes a SHA-256 as documents have it: `sha256:` and the digits.
 * @throws EvidenceError `bad-value` unless `hex` is 64 lower-case hexadecimal digits
 */
export function formatDigest(hex: string): string {
  if (!HEX.test(hex)) {
    throw new EvidenceError(
      'bad-value',
      `expected 64 lower-case hexadecimal digits, found ${quoteText(hex)}`,
    );
  }
  return PREFIX + hex;
}

/** Reads the 64 hexadecimal digits of `sha256:…`. @throws EvidenceError `bad-value` for anything else */
export function parseDigest(text: string): string {
  const hex = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  if (!HEX.test(hex)) {
    throw new EvidenceError(
      'bad-value',
      `expected sha256: and 64 lower-case hexadecimal digits, found ${quoteText(text)}`,
    );
  }
  return hex;
}

/**
 * Writes a line of a checksum file that `sha256sum -c --strict` accepts.
 * @throws EvidenceError `bad-value` for a name that sha256sum would escape, or take for standard input
 */
export function formatChecksumLine(hex: string, name: string): string {
  formatDigest(hex);
  if (!isChecksumName(name)) {
    throw new EvidenceError(
      'bad-value',
      `${JSON.stringify(name)}: expected a file name without line breaks, control characters and backslashes`,
    );
  }
  return `${hex}  ${name}\n`;
}

/**
 * Reads the entries of a checksum file in the form that {@link formatChecksumLine} writes.
 * @throws EvidenceError `bad-text`, `bad-line`, and `duplicate` for a name that stands twice, with the line
 */
export function parseChecksums(text: string): { hex: string; name: string }[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) {
    throw new EvidenceError('bad-text', 'checksums: expected lines, each ending in LF');
  }
  const names = new Set<string>();
  return lines.map((entry, index) => {
    const line = index + 1;
    const [, hex, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(entry) ?? [];
    if (hex === undefined || name === undefined || !isChecksumName(name)) {
      throw new EvidenceError(
        'bad-line',
        `expected <sha256>, two spaces and a name, found ${quoteText(entry)}`,
        { line },
      );
    }
    if (names.has(name)) {
      throw new EvidenceError('duplicate', `${name}: stands twice`, { line });
    }
    names.add(name);
    return { hex, name };
  });
}

/**
 * Returns whether sha256sum takes `name` as it stands: no backslash, which it escapes, and not the `-` of
 * standard input.
 */
function isChecksumName(name: string): boolean {
  return name !== '' && name !== '-' && !name.includes('\\') && isPlainText(name);
}
