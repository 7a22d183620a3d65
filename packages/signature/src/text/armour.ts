// SPDX-License-Identifier: Apache-2.0
import { decodeBase64 } from './base64.js';

/** The length of a line that OpenSSH writes. Its own text says 76. */
const LINE = 70;

/** The words between the dashes of an armour's first and last line. */
export type ArmourLabel = 'SSH SIGNATURE' | 'OPENSSH PRIVATE KEY';

/** Returns the first line of an armour, without its end. */
export const armourHeader = (label: ArmourLabel): string => `-----BEGIN ${label}-----`;

/** Writes bytes in the armour that OpenSSH writes. */
export function formatArmour(label: ArmourLabel, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [armourHeader(label), ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** What an armour holds, or why it is none, in words that go on from what it is. */
export type Unarmoured =
  | { readonly bytes: Buffer }
  /** `begins`: it is meant to be one, by its first line. */
  | { readonly reason: string; readonly begins: boolean };

/**
 * Takes the bytes out of an armour. Lines may have any length and end in CR LF, blanks and empty lines between them are
 * passed over, and the last one needs no end, as in OpenSSH; other than there, nothing may follow it: one file is one
 * signature.
 */
export function readArmour(label: ArmourLabel, text: string): Unarmoured {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const lines = text.split(/\r?\n/);
  if (lines[0] !== begin) return { reason: `does not begin with the line ${begin}`, begins: false };
  const last = lines.indexOf(end);
  if (last < 0) return broken(`has no line ${end}`);
  const behind = lines.slice(last + 1);
  if (behind.length > 1 || (behind[0] ?? '') !== '') return broken(`has something behind the line ${end}`);
  const body = lines.slice(1, last).join('').replaceAll(/[ \t]/g, '');
  const bytes = decodeBase64(body);
  if (bytes === undefined) return broken('has something else than base64 between its first and last line');
  return bytes.length === 0 ? broken('is empty') : { bytes };
}

function broken(reason: string): Unarmoured {
  return { reason, begins: true };
}
