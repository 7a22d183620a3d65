// SPDX-License-Identifier: Apache-2.0
import { LOWER_EXTENSION, LOWER_STEM } from './short-name.js';

/** Code page 437 from 80h on: what Linux, mtools and firmware take a short name's other bytes for. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** Reads bytes as text in code page 437. */
export function decodeOem(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 0x80],
  ).join('');
}

const FORBIDDEN = /[\u0000-\u001f\u007f"*+,./:;<=>?[\\\]|a-z]/;

/**
 * Reads a field of a name. A first byte of E5h would mean "deleted", so a name that begins with that character has
 * 05h there.
 */
const decodeField = (bytes: Uint8Array) =>
  decodeOem(bytes[0] === 5 ? Uint8Array.of(0xe5, ...bytes.subarray(1)) : bytes);

/**
 * Reads the 8.3 name in the first eleven bytes of an entry, as `NAME.EXT`; undefined when it holds what no name may.
 */
export function parseShortName(bytes: Uint8Array): string | undefined {
  const text = decodeField(bytes);
  if (FORBIDDEN.test(text) || text.startsWith(' ')) return undefined;
  const extension = text.slice(8).trimEnd();
  return text.slice(0, 8).trimEnd() + (extension === '' ? '' : `.${extension}`);
}

/** Gives a short name the case that the entry's flags say. */
export function applyCase(shortName: string, flags: number): string {
  const [stem = '', extension] = shortName.split('.');
  const lower = (text: string, flag: number) => ((flags & flag) !== 0 ? text.toLowerCase() : text);
  return lower(stem, LOWER_STEM) + (extension === undefined ? '' : `.${lower(extension, LOWER_EXTENSION)}`);
}
