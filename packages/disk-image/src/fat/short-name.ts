// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** The 8.3 name of an entry. */
export interface ShortName {
  /** Eleven characters, the extension from the ninth on, padded with spaces. */
  readonly field: string;
  /** Bits 8 and 16: stem and extension are lower case. */
  readonly caseFlags: number;
  /** Whether the name proper has to be kept in long-name entries. */
  readonly needsLong: boolean;
}

export const LOWER_STEM = 8;
export const LOWER_EXTENSION = 16;

/** ASCII that a short name may hold, either case. */
const ALLOWED = "A-Za-z0-9$%'_@~`!(){}^#&-";
const FITS = new RegExp(`^([${ALLOWED}]{1,8})(?:\\.([${ALLOWED}]{1,3}))?$`);
const UNFIT = new RegExp(`[^${ALLOWED}]`, 'g');

const field = (stem: string, extension: string) => stem.padEnd(8) + extension.padEnd(3);

/** Splits at the last dot that has something before it, without the spaces and dots that a short name cannot have. */
function simplify(name: string): { stem: string; extension: string } {
  const bare = name.replace(/^\.+/, '').replaceAll(' ', '');
  const dot = bare.lastIndexOf('.');
  const clean = (text: string) => text.replaceAll('.', '').replace(UNFIT, '_').toUpperCase();
  if (dot < 0) return { stem: clean(bare) || '_', extension: '' };
  return { stem: clean(bare.slice(0, dot)) || '_', extension: clean(bare.slice(dot + 1)).slice(0, 3) };
}

/** Returns a name that is its own short name, but for its case; undefined for another. */
function exactShortName(name: string): ShortName | undefined {
  const match = FITS.exec(name);
  if (!match) return undefined;
  const [, stem = '', extension = ''] = match;
  const isMixed = (text: string) => text !== text.toUpperCase() && text !== text.toLowerCase();
  const needsLong = isMixed(stem) || isMixed(extension);
  const flag = (text: string, bit: number) => (!needsLong && text !== text.toUpperCase() ? bit : 0);
  return {
    field: field(stem.toUpperCase(), extension.toUpperCase()),
    caseFlags: flag(stem, LOWER_STEM) | flag(extension, LOWER_EXTENSION),
    needsLong,
  };
}

/**
 * Gives each name of a folder, none of which may equal another but for case, a short name of its own: the
 * name itself where it has the 8.3 form, else a shortened one with a `~1` tail.
 */
export function assignShortNames(names: readonly string[]): ShortName[] {
  const exact = names.map(exactShortName);
  const used = new Set(exact.flatMap((short) => short?.field ?? []));
  const nextTail = new Map<string, number>();
  return names.map((name, index) => {
    const own = exact[index];
    if (own) return own;
    const { stem, extension } = simplify(name);
    const key = field(stem.slice(0, 6), extension);
    for (let number = nextTail.get(key) ?? 1; number < 1_000_000; number++) {
      const tail = `~${number}`;
      const candidate = field(stem.slice(0, 8 - tail.length) + tail, extension);
      if (used.has(candidate)) continue;
      used.add(candidate);
      nextTail.set(key, number + 1);
      return { field: candidate, caseFlags: 0, needsLong: true };
    }
    throw new ImageError('too-large', `no short name is left for ${JSON.stringify(name)}`);
  });
}

/** Computes the checksum that ties long-name entries to their short name. */
export function shortNameChecksum(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);
}
