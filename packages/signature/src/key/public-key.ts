// SPDX-License-Identifier: Apache-2.0
import { createHash, type KeyObject } from 'node:crypto';
import { quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';
import { WireReader } from '../wire/read.js';
import { readEcdsa, readEd25519, readRsa } from './material.js';
import { isCertificateType, isKeyType, KEY_TYPES, type KeyTraits, type PublicKey } from './types.js';

/**
 * Reads a public key from its blob.
 * @throws SignatureError `bad-key`, `weak-key`, `certificate`, `unsupported`
 */
export function parsePublicKey(blob: Uint8Array): PublicKey {
  const reader = new WireReader(blob, 'bad-key', 'the public key');
  const type = reader.string().toString('latin1');
  assertKeyType(type);
  const traits = KEY_TYPES[type];
  const verifier = readMaterial(reader, traits);
  const application = traits.isSecurityKey ? readApplication(reader) : new Uint8Array();
  reader.end();
  return { type, blob: Uint8Array.from(blob), fingerprint: fingerprintOf(blob), verifier, application };
}

/** Returns `SHA256:` and the digest of a key's blob, as `ssh-keygen -l` prints it. */
export function fingerprintOf(blob: Uint8Array): string {
  const digest = createHash('sha256').update(blob).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** Refuses a type of key that is not taken. @throws SignatureError `certificate`, `unsupported` */
export function assertKeyType(type: string): asserts type is PublicKey['type'] {
  if (isKeyType(type)) return;
  if (isCertificateType(type)) {
    throw new SignatureError('certificate', `found an OpenSSH certificate (${quoteText(type)})`, {
      fix: 'sign with a plain key, and list that key: whom an authority certified is not looked at',
    });
  }
  throw new SignatureError('unsupported', `found a key of the type ${quoteText(type)}`, {
    fix: `use a key of one of the types ${Object.keys(KEY_TYPES).join(', ')}`,
  });
}

function readMaterial(reader: WireReader, { kind, curve }: KeyTraits): KeyObject {
  if (kind === 'rsa') return readRsa(reader);
  return curve === undefined ? readEd25519(reader) : readEcdsa(reader, curve);
}

function readApplication(reader: WireReader): Uint8Array {
  const application = reader.string();
  const text = application.toString('latin1');
  if (!text.startsWith('ssh:')) {
    throw reader.refusal(`is of a security key for ${quoteText(text)}, expected ssh: or what begins so`);
  }
  return Uint8Array.from(application);
}
