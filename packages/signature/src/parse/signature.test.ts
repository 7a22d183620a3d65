// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALICE, codeOf } from '../../test/keys.js';
import { digestOf, MESSAGE, vector, vectorNames } from '../../test/vectors.js';
import { parseSignature, signWithKey, verifySignature } from '../index.js';
import { wireStrings, wireU32 } from '../wire/write.js';

/** What becomes of each recorded signature; one that is not named here is read and verifies. */
const REFUSED: Readonly<Record<string, string>> = {
  'rsa1024.sha256.sig': 'weak-key',
  'rsa1024.sha512.sig': 'weak-key',
  'sk-ecdsa.nopresence.sig': 'no-presence',
  'sk-ed25519.nopresence.sig': 'no-presence',
  'sk-ecdsa.webauthn.sig': 'webauthn',
  'edge/bom.sig': 'not-a-signature',
  'edge/certificate.sig': 'certificate',
  'edge/ecdsa-compressed-point.sig': 'bad-key',
  'edge/ecdsa-curve-mismatch.sig': 'bad-key',
  'edge/ecdsa-r-leading-zeros.sig': 'bad-signature',
  'edge/ecdsa-r-msb-no-zero.sig': 'bad-signature',
  'edge/ecdsa-r-zero.sig': 'bad-signature',
  'edge/ecdsa-rs-tail.sig': 'bad-signature',
  'edge/ed25519-S-plus-L.sig': 'not-verified',
  'edge/ed25519-identity-key.sig': 'weak-key',
  'edge/ed25519-sig-63.sig': 'bad-signature',
  'edge/empty-body.sig': 'bad-armour',
  'edge/footer-with-suffix.sig': 'bad-armour',
  'edge/hash-sha1.sig': 'weak-hash',
  'edge/hash-swapped.sig': 'not-verified',
  'edge/hash-upper.sig': 'bad-signature',
  'edge/header-trailing-space.sig': 'not-a-signature',
  'edge/junk-in-base64.sig': 'bad-armour',
  'edge/leading-newline.sig': 'not-a-signature',
  'edge/leading-space.sig': 'not-a-signature',
  'edge/no-padding.sig': 'bad-armour',
  'edge/nonzero-pad-bits.sig': 'bad-armour',
  'edge/ns-empty.sig': 'bad-signature',
  'edge/ns-inner-nul.sig': 'bad-signature',
  'edge/ns-nul.sig': 'bad-signature',
  'edge/ns-other.sig': 'not-verified',
  'edge/nul-in-armor.sig': 'bad-armour',
  'edge/pk-tail.sig': 'bad-key',
  'edge/reserved-nonempty.sig': 'bad-signature',
  'edge/rsa-rsa-sha2-384-with-sha384.sig': 'unsupported',
  'edge/rsa-rsa-sha2-512-with-sha256.sig': 'not-verified',
  'edge/rsa-ssh-rsa-with-sha1.sig': 'weak-hash',
  'edge/second-block-after.sig': 'bad-armour',
  'edge/sig-inner-tail.sig': 'bad-signature',
  'edge/sigtype-mismatch.sig': 'bad-signature',
  'edge/tail-bytes.sig': 'bad-signature',
  'edge/text-after.sig': 'bad-armour',
  'edge/text-before.sig': 'not-a-signature',
  'edge/url-alphabet.sig': 'bad-armour',
  'edge/version-0.sig': 'bad-signature',
  'edge/version-2.sig': 'bad-signature',
};

const NAMES = [...vectorNames('.', '.sig'), ...vectorNames('edge', '.sig').map((name) => `edge/${name}`)];

function judge(name: string, bytes: Uint8Array = vector(name)): string {
  // One of the RSA signatures began with a zero byte, which is left out.
  const message = name === 'edge/rsa-sig-stripped-zero.sig' ? vector('edge/short-message.txt') : MESSAGE;
  return codeOf(() => {
    const signature = parseSignature(bytes);
    verifySignature(signature, digestOf(message, signature.hash));
  });
}

/** Replaces the strings of a sound signature: its key, namespace, reserved field, hash and signature. */
function withStrings(change: (strings: (string | Uint8Array)[]) => void, tail = ''): Buffer {
  const { blob, type } = ALICE.key.publicKey;
  const strings = [blob, 'latticra-boot', '', 'sha256', wireStrings(type, Buffer.alloc(64))];
  change(strings);
  const whole = Buffer.concat([
    Buffer.from('SSHSIG'),
    wireU32(1),
    wireStrings(...strings),
    Buffer.from(tail),
  ]);
  return Buffer.from(
    `-----BEGIN SSH SIGNATURE-----\n${whole.toString('base64')}\n-----END SSH SIGNATURE-----\n`,
  );
}

describe('parseSignature and verifySignature', () => {
  it('the table of what is refused names recorded signatures only', () => {
    expect(Object.keys(REFUSED).filter((name) => !NAMES.includes(name))).toEqual([]);
    expect(NAMES).toHaveLength(73);
  });

  it.each(NAMES)('%s is read and verified, or refused by name', (name) => {
    expect(judge(name)).toBe(REFUSED[name] ?? 'done');
  });

  it.each(NAMES.filter((name) => !name.includes('/') && REFUSED[name] === undefined))(
    'a signature that verifies (%s) says whose key it is as ssh-keygen -l does, and verifies no other message',
    (name) => {
      const signature = parseSignature(vector(name));
      expect(signature.namespace).toBe('latticra-os-image');
      expect(signature.key.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
      const other = digestOf(Buffer.from('another message\n'), signature.hash);
      expect(codeOf(() => verifySignature(signature, other))).toBe('not-verified');
    },
  );

  it('a security key that asked for a PIN is told from one that was only touched, and from others', () => {
    const verified = (name: string) => parseSignature(vector(name)).userVerified;
    expect(['sk-ed25519.uv.sig', 'sk-ecdsa.uv.sig'].map(verified)).toEqual([true, true]);
    expect(['sk-ed25519.up.sig', 'sk-ecdsa.up.sig'].map(verified)).toEqual([false, false]);
    expect(verified('p256.sha256.sig')).toBeUndefined();
  });

  it.each([
    ['ed25519.sha256.sig', 1],
    ['sk-ed25519.up.sig', 1],
    ['sk-ecdsa.uv.sig', 1],
    // Every bit takes seconds, and no other bits are among them than with every seventh.
    ['p521.sha512.sig', 7],
    ['rsa2048.sha256.sig', 7],
  ])('a signature with one bit flipped is refused: %s, every bit or every %ith', (name, step) => {
    const armour = vector(name).toString();
    const [begin, end] = [armour.indexOf('\n'), armour.indexOf('\n-----END')];
    const blob = Buffer.from(armour.slice(begin, end), 'base64');
    for (let bit = 0; bit < blob.length * 8; bit += step) {
      const flipped = Buffer.from(blob);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = `${armour.slice(0, begin)}\n${flipped.toString('base64')}${armour.slice(end)}`;
      expect(judge(name, Buffer.from(text)), `bit ${bit}`).not.toBe('done');
    }
  });

  it('a file with one bit flipped is refused, or is the same signature in another layout', () => {
    const file = vector('ed25519.sha256.sig');
    const sound = parseSignature(file);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = Buffer.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (judge('ed25519.sha256.sig', flipped) === 'done') {
        expect(parseSignature(flipped).raw, `bit ${bit}`).toEqual(sound.raw);
      }
    }
  });

  it('cut anywhere, a signature is refused, but for its last line end', () => {
    const file = vector('rsa2048.sha256.sig');
    for (let length = 0; length < file.length - 1; length++) {
      const code = length < file.indexOf('\n') ? 'not-a-signature' : 'bad-armour';
      expect(judge('rsa2048.sha256.sig', file.subarray(0, length))).toBe(code);
    }
    expect(judge('rsa2048.sha256.sig', file.subarray(0, -1))).toBe('done');
  });

  it('what is signed with a key of this process is read back as it was', () => {
    const namespace = fc.constantFrom('latticra-os-image', 'latticra-boot', 'latticra-review' as const);
    fc.assert(
      fc.property(
        fc.uint8Array(),
        namespace,
        fc.constantFrom('sha256', 'sha512'),
        (message, purpose, hash) => {
          const digest = digestOf(message, hash);
          const file = signWithKey(ALICE.key, purpose, digest, hash);
          const signature = parseSignature(file);
          expect(signature).toMatchObject({ namespace: purpose, hash, userVerified: undefined });
          expect(signature.key.fingerprint).toBe(ALICE.key.publicKey.fingerprint);
          verifySignature(signature, digest);
          expect(signWithKey(ALICE.key, purpose, digest, hash)).toEqual(file);
        },
      ),
    );
  });

  it.each<[string, string, (strings: (string | Uint8Array)[]) => void]>([
    [
      'an invisible character in the namespace',
      'bad-signature',
      (s) => s.splice(1, 1, 'latticra\u200b-boot'),
    ],
    ['a namespace that is no UTF-8', 'bad-signature', (s) => s.splice(1, 1, Buffer.from([0xff]))],
    ['a DSA key', 'unsupported', (s) => s.splice(0, 1, wireStrings('ssh-dss', 'x'))],
    ['a key without a type', 'unsupported', (s) => s.splice(0, 1, wireStrings(''))],
    [
      'a key that names an inherited property',
      'unsupported',
      (s) => s.splice(0, 1, wireStrings('constructor')),
    ],
    ['an empty key', 'bad-key', (s) => s.splice(0, 1, '')],
    ['an empty signature', 'bad-signature', (s) => s.splice(4, 1, '')],
    ['one string too few', 'bad-signature', (s) => s.splice(4, 1)],
    ['one string too many', 'bad-signature', (s) => s.push('')],
  ])('a signature with %s is refused as %s', (_, code, change) => {
    expect(codeOf(() => parseSignature(withStrings(change)))).toBe(code);
  });

  it('the strings that the refusals replace make a signature that is read', () => {
    expect(parseSignature(withStrings(() => undefined)).namespace).toBe('latticra-boot');
  });

  it('a file longer than any signature is refused before it is looked into', () => {
    const long = Buffer.concat([vector('ed25519.sha256.sig'), Buffer.alloc(64 * 1024)]);
    expect(() => parseSignature(long)).toThrow(/expected at most 65536/);
  });

  it('a digest of another length is a mistake of the caller', () => {
    const signature = parseSignature(vector('ed25519.sha256.sig'));
    expect(() => verifySignature(signature, Buffer.alloc(64))).toThrow(RangeError);
  });
});
