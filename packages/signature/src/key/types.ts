// SPDX-License-Identifier: Apache-2.0
import type { KeyObject } from 'node:crypto';

/** The curves of ECDSA keys: Node's name, the bytes of a coordinate, and the hash that goes with them (RFC 5656, section 6.2.1). */
export const CURVES = {
  nistp256: { crv: 'P-256', bytes: 32, hash: 'sha256' },
  nistp384: { crv: 'P-384', bytes: 48, hash: 'sha384' },
  nistp521: { crv: 'P-521', bytes: 66, hash: 'sha512' },
} as const;

/** The name of a curve in SSH. */
export type Curve = keyof typeof CURVES;

/** The types of keys that are taken, by their names in SSH. */
export const KEY_TYPES = {
  'ssh-ed25519': { kind: 'ed25519', curve: undefined, isSecurityKey: false },
  'ecdsa-sha2-nistp256': { kind: 'ecdsa', curve: 'nistp256', isSecurityKey: false },
  'ecdsa-sha2-nistp384': { kind: 'ecdsa', curve: 'nistp384', isSecurityKey: false },
  'ecdsa-sha2-nistp521': { kind: 'ecdsa', curve: 'nistp521', isSecurityKey: false },
  'ssh-rsa': { kind: 'rsa', curve: undefined, isSecurityKey: false },
  'sk-ssh-ed25519@openssh.com': { kind: 'ed25519', curve: undefined, isSecurityKey: true },
  'sk-ecdsa-sha2-nistp256@openssh.com': { kind: 'ecdsa', curve: 'nistp256', isSecurityKey: true },
} as const satisfies Record<string, KeyTraits>;

/** What a type of key is made of. */
export interface KeyTraits {
  readonly kind: 'ed25519' | 'ecdsa' | 'rsa';
  readonly curve: Curve | undefined;
  /** Whether a FIDO token holds it, which signs more than the message. */
  readonly isSecurityKey: boolean;
}

/** The name of a type of key in SSH. */
export type KeyType = keyof typeof KEY_TYPES;

/** A public key that was read from its blob, and is none that verifies anything. */
export interface PublicKey {
  readonly type: KeyType;
  /** As it stands, in base64, in a `.pub` file. */
  readonly blob: Uint8Array;
  /** `SHA256:` and the digest of the blob in base64 without padding, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** The key for node:crypto. */
  readonly verifier: KeyObject;
  /** What a security key signs for, `ssh:` or beginning so; empty for others. */
  readonly application: Uint8Array;
}

/** Returns whether the name is that of a type of key that is taken. */
export function isKeyType(name: string): name is KeyType {
  return Object.hasOwn(KEY_TYPES, name);
}

/** Returns whether the name is that of a certificate's type (OpenSSH, PROTOCOL.certkeys). */
export function isCertificateType(name: string): boolean {
  return /-cert-v0[01]@openssh\.com$/.test(name);
}
