// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import { hasText, peek } from './bytes.js';
import { FindingsCollector } from './findings.js';

/** What text is, by how it begins. */
export type TextKind = 'html' | 'json' | 'spdx-json' | 'text';

/** A signature in a form that is known here. Whether it holds is not looked at. */
export interface SignatureFacts {
  readonly format: 'ssh' | 'pgp' | 'pgp-binary' | 'minisign';
}

const LOOK = 64 << 10;
const MAX_JSON = 16 << 20;
const MAX_SIGNATURE = 1 << 20;
/** What no text holds: NUL and the other controls but for tab, line feed, form feed, carriage return and escape. */
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f\ufffd]/;

/** Reads the beginning of a text; undefined for what is none. */
function textHead(source: ByteSource): string | undefined {
  const bytes = peek(source, 0, LOOK);
  // A character may be cut in two at the end of what is read.
  const stream = bytes.length < source.size;
  const text = new TextDecoder('utf-8').decode(bytes, { stream });
  return BINARY.test(text) ? undefined : text;
}

/** Returns text from its first mark-up on, without an XML declaration and comments before it. */
function withoutProlog(text: string): string {
  let rest = text;
  for (const [open, close] of PROLOG) {
    while (rest.startsWith(open)) {
      const end = rest.indexOf(close);
      if (end < 0) return '';
      rest = rest.slice(end + close.length).trimStart();
    }
  }
  return rest;
}

const PROLOG = [
  ['<?', '?>'],
  ['<!--', '-->'],
] as const;

/** Says what a text is, and finds fault with it; undefined for what is no text. */
export function readText(source: ByteSource, findings = new FindingsCollector()): TextKind | undefined {
  const text = textHead(source);
  if (text === undefined) return undefined;
  const start = text.trimStart();
  if (/^<(?:!doctype\s+html|html|head|body)\b/i.test(withoutProlog(start))) return 'html';
  if (!/^[{[]/.test(start)) return 'text';
  const isSpdx = /"spdxVersion"\s*:/.test(text);
  if (source.size > MAX_JSON) {
    findings.unread.push(`the JSON: it is longer than ${MAX_JSON} bytes`);
    return isSpdx ? 'spdx-json' : 'json';
  }
  const value = parse(peek(source, 0, source.size).toString('utf8'));
  if (value !== undefined) {
    return typeof value === 'object' && value !== null && 'spdxVersion' in value ? 'spdx-json' : 'json';
  }
  if (!isSpdx) return 'text';
  findings.add('corrupt', 'the SPDX document is no JSON');
  return 'spdx-json';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ARMOUR = {
  ssh: /^-----BEGIN SSH SIGNATURE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END SSH SIGNATURE-----\s*$/,
  pgp: /^-----BEGIN PGP SIGNATURE-----\r?\n[\s\S]*-----END PGP SIGNATURE-----\s*$/,
  minisign: /^untrusted comment: [^\n]*\nR[UW][Q-T][A-Za-z0-9+/]{96}=\r?\n/,
} as const;

/** Returns the form of a signature; undefined for what is none. */
export function signatureFormat(source: ByteSource): SignatureFacts['format'] | undefined {
  if (source.size > MAX_SIGNATURE) return undefined;
  const bytes = peek(source, 0, source.size);
  if (isPgpPacket(bytes)) return 'pgp-binary';
  if (!hasText(bytes, 0, '-----BEGIN') && !hasText(bytes, 0, 'untrusted comment: ')) return undefined;
  const text = bytes.toString('latin1');
  return (Object.keys(ARMOUR) as (keyof typeof ARMOUR)[]).find((format) => ARMOUR[format].test(text));
}

/** Returns whether bytes are one or more signature packets of OpenPGP (RFC 9580, 4.2), to the last byte. */
function isPgpPacket(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    const packet = packetAt(bytes, at);
    if (packet?.tag !== 2 || ![3, 4, 5, 6].includes(bytes[packet.body] ?? 0)) return false;
    at = packet.body + packet.length;
  }
  return at === bytes.length && at > 0;
}

function packetAt(bytes: Buffer, at: number): { tag: number; body: number; length: number } | undefined {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  if ((first & 0x40) === 0) {
    const width = [1, 2, 4][first & 3];
    if (width === undefined || at + 1 + width > bytes.length) return undefined;
    return { tag: (first >> 2) & 15, body: at + 1 + width, length: bytes.readUIntBE(at + 1, width) };
  }
  const tag = first & 63;
  const octet = bytes[at + 1] ?? 255;
  if (octet < 192) return { tag, body: at + 2, length: octet };
  if (octet < 224) return { tag, body: at + 3, length: ((octet - 192) << 8) + (bytes[at + 2] ?? 0) + 192 };
  if (octet !== 255 || at + 6 > bytes.length) return undefined;
  return { tag, body: at + 6, length: bytes.readUInt32BE(at + 2) };
}
