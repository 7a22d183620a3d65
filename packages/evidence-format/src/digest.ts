// SPDX-License-Identifier: Apache-2.0
import { EvidenceError } from './error.js';

const HEX = /^[0-9a-f]{64}$/;
const PREFIX = 'sha256:';

/** Whether `text` is 64 lower-case hexadecimal digits. */
export function isSha256Hex(text: string): boolean {
  return HEX.test(text);
}

/** A SHA-256 as documents write it. @throws EvidenceError `bad-value` unless `hex` is 64 lower-case digits. */
export function formatDigest(hex: string): string {
  if (!HEX.test(hex)) {
    throw new EvidenceError(
      'bad-value',
      `expected 64 lower-case hexadecimal digits, found ${JSON.stringify(hex)}`,
    );
  }
  return PREFIX + hex;
}

/** The 64 hexadecimal digits of `sha256:…`. @throws EvidenceError `bad-value` for anything else. */
export function parseDigest(text: string): string {
  const hex = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  if (!HEX.test(hex)) {
    throw new EvidenceError(
      'bad-value',
      `expected sha256: and 64 lower-case hexadecimal digits, found ${JSON.stringify(text)}`,
    );
  }
  return hex;
}

/** A line of a checksum file that `sha256sum -c --strict` accepts. @throws EvidenceError for a name it would escape. */
export function formatChecksumLine(hex: string, name: string): string {
  formatDigest(hex);
  if (name === '' || /[\n\r\\\0]/.test(name)) {
    throw new EvidenceError(
      'bad-value',
      `${JSON.stringify(name)}: expected a file name without line breaks and backslashes`,
    );
  }
  return `${hex}  ${name}\n`;
}

/** The entries of a checksum file in the form {@link formatChecksumLine} writes. @throws EvidenceError with the line. */
export function parseChecksums(text: string): { hex: string; name: string }[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) {
    throw new EvidenceError('bad-text', 'checksums: expected lines, each ending in LF');
  }
  return lines.map((line, index) => {
    const match = /^([0-9a-f]{64}) {2}([^\r\\\0]+)$/.exec(line);
    const [, hex, name] = match ?? [];
    if (hex === undefined || name === undefined) {
      throw new EvidenceError(
        'bad-line',
        `expected <sha256>, two spaces and a name, found ${JSON.stringify(line)}`,
        {
          line: index + 1,
        },
      );
    }
    return { hex, name };
  });
}
