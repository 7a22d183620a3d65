// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SIGN_AGAIN, SignatureError } from '../error.js';
import { CURVES, type Curve, KEY_TYPES, type PublicKey } from '../key/types.js';
import { WireReader } from '../wire/read.js';

/** A signature as node:crypto takes it, and what a security key says of it. */
export interface RawSignature {
  /** The hash that the algorithm signs by, or undefined where it has one of its own (ed25519). */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | undefined;
  /** 64 bytes for ed25519, r and s of full length for ECDSA (IEEE P1363), as long as the modulus for RSA. */
  readonly bytes: Uint8Array;
  /** Of a security key: its flags and its counter, five bytes as it signed them. */
  readonly token: Uint8Array | undefined;
}

/** The hash of each RSA signature (RFC 8332, section 3): the key's type does not say. */
const RSA_HASH: Readonly<Record<string, 'sha256' | 'sha512'>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

/** What a security key's flags say (FIDO CTAP; OpenSSH, PROTOCOL.u2f). */
const FLAG = { present: 0x01, verified: 0x04 } as const;

/**
 * Reads the signature in an SSH signature, which has to be of its key's algorithm.
 * @throws SignatureError `bad-signature`, `unsupported`, `weak-hash`, `webauthn`, `no-presence`
 */
export function readRawSignature(blob: Uint8Array, key: PublicKey): RawSignature {
  const reader = new WireReader(blob, 'bad-signature', 'the signature');
  const algorithm = reader.string().toString('latin1');
  const { kind, curve, isSecurityKey } = KEY_TYPES[key.type];
  const digest = kind === 'rsa' ? rsaHash(algorithm) : curve && CURVES[curve].hash;
  if (kind !== 'rsa') assertAlgorithm(algorithm, key);
  const read = { ed25519: readEd25519, ecdsa: readEcdsa, rsa: readRsa }[kind];
  const bytes = read(reader, key);
  const token = isSecurityKey ? readToken(reader) : undefined;
  reader.end();
  return { digest, bytes, token };
}

/** Returns whether a security key says that it asked for a PIN or a finger, and not for a touch alone. */
export function isUserVerified(token: Uint8Array): boolean {
  return ((token[0] ?? 0) & FLAG.verified) !== 0;
}

function assertAlgorithm(algorithm: string, key: PublicKey): void {
  if (algorithm === key.type) return;
  if (algorithm.startsWith('webauthn-')) {
    throw new SignatureError('webauthn', 'found a signature that was made in a browser (webauthn)', {
      fix: 'sign with ssh-keygen -Y sign',
    });
  }
  throw new SignatureError(
    'bad-signature',
    `the signature is of ${quoteText(algorithm)}, expected its key's ${key.type}`,
    { fix: SIGN_AGAIN },
  );
}

function rsaHash(algorithm: string): 'sha256' | 'sha512' {
  if (algorithm === 'ssh-rsa') {
    throw new SignatureError('weak-hash', 'found an RSA signature over SHA-1 (ssh-rsa)', { fix: SIGN_AGAIN });
  }
  const hash = Object.hasOwn(RSA_HASH, algorithm) ? RSA_HASH[algorithm] : undefined;
  if (hash !== undefined) return hash;
  throw new SignatureError('unsupported', `found an RSA signature of ${quoteText(algorithm)}`, {
    fix: SIGN_AGAIN,
  });
}

function readEd25519(reader: WireReader): Uint8Array {
  const bytes = reader.string();
  if (bytes.length !== 64) throw reader.refusal(`has ${bytes.length} bytes of ed25519, expected 64`);
  return bytes;
}

/** Reads r and s (RFC 5656, section 3.1.2), and returns both in the length of the curve's coordinates. */
function readEcdsa(outer: WireReader, { type }: PublicKey): Uint8Array {
  const reader = new WireReader(outer.string(), 'bad-signature', 'the ECDSA signature');
  const { bytes } = CURVES[KEY_TYPES[type].curve as Curve];
  const numbers = (['r', 's'] as const).map((name) => {
    const number = reader.mpint(name);
    if (number.length > bytes)
      throw reader.refusal(`has ${number.length} bytes of ${name}, expected at most ${bytes}`);
    return padded(number, bytes);
  });
  reader.end();
  return Buffer.concat(numbers);
}

/** Reads an RSA signature. OpenSSH may leave out its leading zeros, and Node wants it as long as the modulus. */
function readRsa(reader: WireReader, { verifier }: PublicKey): Uint8Array {
  const bytes = reader.string();
  const length = Math.ceil((verifier.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (bytes.length > length) {
    throw reader.refusal(`has ${bytes.length} bytes of RSA, expected the modulus's ${length}`);
  }
  return padded(bytes, length);
}

function padded(bytes: Uint8Array, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
}

/** Reads what a security key says of its user: presence is a rule of ours, which ssh-keygen does not have. */
function readToken(reader: WireReader): Uint8Array {
  const token = reader.raw(5);
  const [flags = 0] = token;
  if ((flags & ~(FLAG.present | FLAG.verified)) !== 0) {
    throw reader.refusal(`has flags of a security key that mean something else (0x${flags.toString(16)})`);
  }
  if ((flags & FLAG.present) === 0) {
    throw new SignatureError('no-presence', 'a security key signed without being touched', {
      fix: 'sign with a key that was not made with -O no-touch-required',
    });
  }
  return Uint8Array.from(token);
}
