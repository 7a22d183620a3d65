// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  authorise,
  formatVerifyTime,
  NAMESPACES,
  parseAllowedSigners,
  parseOpensshPrivateKey,
  parsePublicKey,
  parsePublicLine,
  parseRevokedKeys,
  parseSignature,
  parseVerifyTime,
  type SshSignature,
  signWithKey,
  verifySignature,
} from '../../../packages/signature/src/index.js';
import { FIXED, privateFile } from '../../../packages/signature/test/private-file.js';
import SEEDS from '../../../packages/signature/test/seeds.toml';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { bytesOf } from './bytes.js';

const digestOf = (message: string, hash: 'sha256' | 'sha512') => createHash(hash).update(message).digest();
const isOver = (signature: SshSignature, message: string) =>
  unlessRefused(() => verifySignature(signature, digestOf(message, signature.hash)) === undefined) === true;

const TEXTS = [...SEEDS.matchAll(/'''\n([^']*)'''/g)].map(([, text = '']) => text);
const SIGNATURES = TEXTS.filter((text) => text.startsWith('-----'));
const LINES = TEXTS.filter((text) => !text.startsWith('-----'));
const PUBLIC = LINES.map(bytesOf);
const SIGNERS = `alice@example.org,*@x namespaces="latticra-*,!file",valid-after="20240101Z" ${LINES[0]}
"bob smith" cert-authority,valid-before="203001010000Z" ${LINES[1]}`;

/** Readers of signatures, keys, and lists of them. */
export const signatureTargets: readonly FuzzTarget[] = [
  {
    name: 'sshSignature',
    seeds: () => SIGNATURES.map(bytesOf),
    words: ['-----BEGIN SSH SIGNATURE-----\n', '\n-----END SSH SIGNATURE-----\n', '\r\n', '=', 'U1NIU0lH'],
    run({ bytes }) {
      const signature = parseSignature(bytes);
      hold(
        !isOver(signature, 'of a message') || !isOver(signature, 'of another'),
        'it is one of any message',
      );
    },
  },
  {
    name: 'sshSignatureBlob',
    seeds: () => SIGNATURES.map((text) => Buffer.from(text.replaceAll(/-----.*-----/g, ''), 'base64')),
    words: ['SSHSIG\0\0\0\u0001', 'sha256', 'rsa-sha2-256', 'ssh-ed25519', 'ssh:'],
    run({ bytes }) {
      const body = Buffer.from(bytes).toString('base64');
      const armour = `-----BEGIN SSH SIGNATURE-----\n${body}\n-----END SSH SIGNATURE-----\n`;
      const signature = parseSignature(Buffer.from(armour));
      hold(
        !isOver(signature, 'of a message') || !isOver(signature, 'of another'),
        'it is one of any message',
      );
    },
  },
  {
    name: 'sshPublicKey',
    seeds: () =>
      PUBLIC.flatMap((line) => [
        line,
        Buffer.from(Buffer.from(line).toString().split(' ')[1] ?? '', 'base64'),
      ]),
    run({ bytes, text }) {
      for (const key of [
        unlessRefused(() => parsePublicKey(bytes)),
        unlessRefused(() => parsePublicLine(text)),
      ]) {
        if (key !== undefined) hold(key.fingerprint.length === 50, 'its fingerprint is none');
      }
    },
  },
  {
    name: 'allowedSigners',
    seeds: () => [bytesOf(SIGNERS), bytesOf(`# nobody\n\n*@x,!a ${LINES[0]}`)],
    words: [
      'namespaces="',
      'valid-after="',
      'valid-before="',
      'cert-authority',
      '\\"',
      '!',
      '*',
      '?',
      '"',
      'Z"',
      '\n',
    ],
    run({ bytes }) {
      const allowed = parseAllowedSigners(bytes);
      const [line] = allowed.signers;
      if (line === undefined) return;
      const signature = parseSignature(signWithKey(FIXED, NAMESPACES.review, digestOf('m', 'sha256')));
      const known = { ...signature, key: { ...FIXED.publicKey, blob: line.key.blob } };
      const at = new Date((line.validAfter ?? 1) * 1000);
      const digest = digestOf('m', 'sha256');
      const found = unlessRefused(() => authorise(known, digest, NAMESPACES.review, { allowed, at }));
      hold(
        found === undefined ||
          allowed.signers.some(({ namespaces }) => namespaces?.includes('latticra-review') === true),
        'a key that no line names for reviews may review',
      );
    },
  },
  {
    name: 'verifyTime',
    seeds: () => ['2026-01-01T00:00:00Z', '2024-02-29T23:59:59Z'].map(bytesOf),
    run({ text }) {
      hold(formatVerifyTime(parseVerifyTime(text)) === text, 'a time that was read is written otherwise');
    },
  },
  {
    name: 'revokedKeys',
    seeds: () => [Buffer.concat(PUBLIC), bytesOf('# none\n'), bytesOf('SSHKRL\n\0\0\0\0\u0001')],
    run({ bytes }) {
      for (const fingerprint of parseRevokedKeys(bytes)) {
        hold(fingerprint.startsWith('SHA256:'), 'a fingerprint is none');
      }
    },
  },
  {
    name: 'sshPrivateKey',
    seeds: () => [privateFile()],
    words: ['aes256-ctr', 'bcrypt', 'ssh-ed25519', 'openssh-key-v1\0'],
    run({ bytes }) {
      const key = parseOpensshPrivateKey(bytes);
      const digest = digestOf('m', 'sha256');
      verifySignature(parseSignature(signWithKey(key, NAMESPACES.boot, digest)), digest);
    },
  },
];
