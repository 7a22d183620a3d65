// SPDX-License-Identifier: Apache-2.0
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { SIGN_AGAIN, SignatureError } from '../error.js';
import { parsePublicKey } from '../key/public-key.js';
import type { PublicKey } from '../key/types.js';
import { readArmour } from '../text/armour.js';
import { WireReader } from '../wire/read.js';
import { isUserVerified, type RawSignature, readRawSignature } from './raw-signature.js';

/** The hash of the message that is signed; the default of ssh-keygen is sha512. */
export type MessageHash = 'sha256' | 'sha512';

/** An SSH signature that was read. Whether it is one of a message is another question. */
export interface SshSignature {
  readonly key: PublicKey;
  /** What it was made for. */
  readonly namespace: string;
  /** The digest of the message that it is verified with. */
  readonly hash: MessageHash;
  readonly raw: RawSignature;
  /** Whether a security key asked for a PIN or a finger; undefined for other keys. */
  readonly userVerified: boolean | undefined;
}

/** The largest file of a signature, in bytes: the longest RSA key makes one of 6 KiB. */
export const MAX_SIGNATURE_BYTES = 64 * 1024;

/** What a signature begins with, and what is signed does too (OpenSSH, PROTOCOL.sshsig). */
export const MAGIC = 'SSHSIG';

/**
 * Reads the file of a signature, as `ssh-keygen -Y sign` writes it.
 * @throws SignatureError `not-a-signature`, `bad-armour`, `bad-signature`, `bad-key`, `weak-key`, `weak-hash`, `certificate`, `webauthn`,
 *   `no-presence`, `unsupported`
 */
export function parseSignature(bytes: Uint8Array): SshSignature {
  const found =
    bytes.length > MAX_SIGNATURE_BYTES
      ? { reason: `has ${bytes.length} bytes, expected at most ${MAX_SIGNATURE_BYTES}`, begins: false }
      : readArmour('SSH SIGNATURE', Buffer.from(bytes).toString('latin1'));
  if ('reason' in found) {
    const code = found.begins ? 'bad-armour' : 'not-a-signature';
    throw new SignatureError(code, `the signature ${found.reason}`, { fix: SIGN_AGAIN });
  }
  return parseBlob(found.bytes);
}

/** Reads what is in the armour of a signature. @throws SignatureError as {@link parseSignature} */
function parseBlob(blob: Uint8Array): SshSignature {
  const reader = new WireReader(blob, 'bad-signature', 'the signature');
  if (reader.raw(MAGIC.length).toString('latin1') !== MAGIC)
    throw reader.refusal(`does not begin with ${MAGIC}`);
  const version = reader.u32();
  if (version !== 1) throw reader.refusal(`has version ${version}, expected 1`);
  const keyBlob = reader.string();
  const namespace = decodeNamespace(reader);
  reader.expect('', 'reserved field');
  const hash = readHash(reader);
  const signature = reader.string();
  reader.end();
  const key = parsePublicKey(keyBlob);
  const raw = readRawSignature(signature, key);
  return { key, namespace, hash, raw, userVerified: raw.token && isUserVerified(raw.token) };
}

function decodeNamespace(reader: WireReader): string {
  const bytes = reader.string();
  const text = bytes.toString('utf8');
  if (text === '' || !isPlainText(text) || !bytes.equals(Buffer.from(text))) {
    throw reader.refusal(`has no namespace that can be shown: found ${quoteText(text)}`);
  }
  return text;
}

function readHash(reader: WireReader): MessageHash {
  const hash = reader.string().toString('latin1');
  if (hash === 'sha256' || hash === 'sha512') return hash;
  if (hash === 'sha1') {
    throw new SignatureError('weak-hash', 'found a signature over SHA-1', { fix: SIGN_AGAIN });
  }
  throw reader.refusal(`is over ${quoteText(hash)}, expected sha256 or sha512`);
}
