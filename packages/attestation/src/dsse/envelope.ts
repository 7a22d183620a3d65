// SPDX-License-Identifier: Apache-2.0
import { refuse } from '../error.js';
import { readJson, Shape } from '../json.js';
import { decodeBase64 } from './base64.js';

/** As many signatures as are looked at. */
const MAX_SIGNATURES = 64;

/** A signature in an envelope. The name that it gives its key is a hint that nothing is decided by. */
export interface EnvelopeSignature {
  readonly keyid: string;
  readonly sig: Uint8Array;
}

/** A DSSE envelope, its payload decoded once: what is verified is what is parsed. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

/**
 * Reads a DSSE envelope (DSSE v1, envelope.md). Members that it does not know are passed over.
 * @throws AttestationError `not-json`, `not-an-envelope`, `sigstore-bundle`, `bad-base64`, `no-signature`, `doubled-signature`
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const shape = new Shape(readJson(bytes, 'the envelope'), 'not-an-envelope');
  if (shape.get('verificationMaterial') !== undefined || shape.get('dsseEnvelope') !== undefined) {
    throw refuse(
      'sigstore-bundle',
      'a Sigstore bundle, whose key is in a certificate: who it is of is not looked at',
      'have it signed with a key that you can pin',
    );
  }
  const payloadType = shape.text('payloadType');
  const payload = decode(shape.text('payload'), 'payload');
  const found = shape.shapes('signatures');
  if (found.length === 0) throw refuse('no-signature', 'the envelope has no signature');
  if (found.length > MAX_SIGNATURES) {
    throw refuse('not-an-envelope', `signatures: ${found.length}, expected at most ${MAX_SIGNATURES}`);
  }
  const signatures = found.map((each) => ({
    keyid: each.optionalText('keyid') ?? '',
    sig: decode(each.text('sig'), `${each.place}/sig`),
  }));
  const distinct = new Set(signatures.map(({ sig }) => Buffer.from(sig).toString('hex')));
  if (distinct.size < signatures.length) {
    throw refuse('doubled-signature', 'one signature stands twice in the envelope: it is one all the same');
  }
  return { payloadType, payload, signatures };
}

function decode(text: string, what: string): Buffer {
  const bytes = decodeBase64(text);
  if (bytes !== undefined) return bytes;
  throw refuse('bad-base64', `${what}: is no base64 in one form`);
}

/** Writes an envelope as JSON on one line, with its end. */
export function formatEnvelope({ payloadType, payload, signatures }: Envelope): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return `${JSON.stringify({
    payloadType,
    payload: base64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: base64(sig) })),
  })}\n`;
}

/**
 * Splits a file of attestations: one envelope, or several as JSON lines (`.intoto.jsonl`).
 * @throws AttestationError `not-json` for a file without any
 */
export function splitEnvelopes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
    if (line.some((byte) => byte > 0x20)) lines.push(line);
  }
  const [first] = lines;
  if (first === undefined) throw refuse('not-json', 'the file is empty');
  // An envelope that was written over several lines has no line that is an object of its own.
  return lines.length > 1 && isWhole(first) ? lines : [bytes];
}

function isWhole(line: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
