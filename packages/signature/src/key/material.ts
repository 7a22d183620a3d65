// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SignatureError } from '../error.js';
import type { WireReader } from '../wire/read.js';
import { isCanonicalPoint, isSmallOrder } from './small-order.js';
import { CURVES, type Curve } from './types.js';

/** Bits of the shortest and the longest RSA modulus; OpenSSL verifies by none that is longer. */
const RSA_BITS = { least: 2048, most: 16_384 } as const;
/** Bytes of the longest RSA exponent: OpenSSL takes no longer one beside a modulus above 3072 bits. */
const MAX_EXPONENT_BYTES = 8;

/** Reads an ed25519 key: 32 bytes (RFC 8709, section 4). */
export function readEd25519(reader: WireReader): KeyObject {
  const point = reader.string();
  if (point.length !== 32) throw reader.refusal(`has ${point.length} bytes of ed25519, expected 32`);
  if (!isCanonicalPoint(point)) throw reader.refusal('is not written as ed25519 keys are: y is not reduced');
  if (isSmallOrder(point)) {
    throw weak(
      'an ed25519 key of small order: its signatures verify for any message',
      'sign with another key',
    );
  }
  return fromJwk(reader, { kty: 'OKP', crv: 'Ed25519', x: url(point) });
}

/** Reads an ECDSA key: the curve's name and an uncompressed point of it (RFC 5656, section 3.1). */
export function readEcdsa(reader: WireReader, curve: Curve): KeyObject {
  reader.expect(curve, 'curve');
  const { crv, bytes } = CURVES[curve];
  const point = reader.string();
  if (point[0] !== 4 || point.length !== 1 + 2 * bytes) {
    throw reader.refusal(`has no uncompressed point of ${curve}`);
  }
  const [x, y] = [point.subarray(1, 1 + bytes), point.subarray(1 + bytes)];
  return fromJwk(reader, { kty: 'EC', crv, x: url(x), y: url(y) });
}

/** Reads an RSA key: its exponent and modulus (RFC 4253, section 6.6). */
export function readRsa(reader: WireReader): KeyObject {
  const e = reader.mpint('exponent');
  const n = reader.mpint('modulus');
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  const isOdd = (bytes: Uint8Array) => ((bytes.at(-1) ?? 0) & 1) === 1;
  if (bits < RSA_BITS.least) {
    throw weak(
      `an RSA key of ${bits} bits, expected at least ${RSA_BITS.least}`,
      'make a longer key, or one of ed25519',
    );
  }
  if (bits > RSA_BITS.most) throw reader.refusal(`has ${bits} bits, expected at most ${RSA_BITS.most}`);
  if (!isOdd(e) || !isOdd(n) || (e.length === 1 && (e[0] ?? 0) < 3) || e.length > MAX_EXPONENT_BYTES) {
    throw weak('an RSA key whose exponent or modulus is none', 'make another key');
  }
  return fromJwk(reader, { kty: 'RSA', e: url(e), n: url(n) });
}

function weak(found: string, fix: string): SignatureError {
  return new SignatureError('weak-key', `found ${found}`, { fix });
}

function url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function fromJwk(reader: WireReader, key: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch {
    // Node tells a point that is not on its curve.
    throw reader.refusal('is no point of its curve, or no key');
  }
}
