// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519Key } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePins } from '../pins.js';
import { signByAgent } from './agent.js';
import { parseTrustedKey } from './public.js';
import { takeAttestationKey } from './signer.js';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attestation-key-'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);
const DATA = Buffer.from('what is signed');

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(at(name), content, { mode: 0o600 });
  return at(name);
}

/** Answers as an agent would. */
function agent(answer: (request: Buffer) => Uint8Array): Promise<string> {
  const path = at('agent');
  server = createServer((socket) => {
    socket.once('data', (request) => socket.end(answer(request)));
  });
  return new Promise((resolve) => {
    server?.listen(path, () => resolve(path));
  });
}

const string = (bytes: Uint8Array) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const answerOf = (signature: Uint8Array, algorithm = 'ssh-ed25519') =>
  string(
    Buffer.concat([
      Buffer.from([14]),
      string(Buffer.concat([string(Buffer.from(algorithm)), string(signature)])),
    ]),
  );

describe('keys that attestations are signed with', () => {
  it('a key of PKCS#8 and one of OpenSSH sign, and are known by their fingerprints', async () => {
    const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    const ssh = generateEd25519Key('x');
    for (const path of [write('pem', pkcs8), write('ssh', ssh.privateFile)]) {
      const signer = await takeAttestationKey(path, {});
      expect(verify(null, DATA, signer.key.verifier, await signer.sign(DATA))).toBe(true);
    }
    const signer = await takeAttestationKey(at('ssh'), {});
    expect(signer.key.fingerprint).toBe(ssh.key.publicKey.fingerprint);
  });

  it('a key that is encrypted, of another kind, exposed, or none, is refused by name', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const locked = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const rows: [string, string | Buffer, string][] = [
      ['locked', locked, 'encrypted-key'],
      ['ec', ec.export({ type: 'pkcs8', format: 'pem' }), 'bad-key'],
      [
        'damaged',
        ['BEGIN PRIVATE KEY', 'AAAA', 'END PRIVATE KEY']
          .map((line) => (line === 'AAAA' ? line : `-----${line}-----`))
          .join('\n'),
        'bad-key',
      ],
      ['text', 'a text', 'bad-key'],
      ['large', Buffer.alloc(70_000), 'bad-key'],
    ];
    for (const [name, content, code] of rows) {
      await expect(takeAttestationKey(write(name, content), {}), name).rejects.toMatchObject({
        code,
        kind: 'data',
      });
    }
    write('exposed', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    chmodSync(at('exposed'), 0o644);
    await expect(takeAttestationKey(at('exposed'), {})).rejects.toMatchObject({ code: 'exposed-key' });
    await expect(takeAttestationKey(at('missing'), {})).rejects.toMatchObject({ kind: 'input-missing' });
  });

  it('an agent signs with the key of a .pub file, and is asked for exactly that', async () => {
    const { publicLine, key } = generateEd25519Key('held by an agent');
    let asked: Buffer = Buffer.alloc(0);
    const SSH_AUTH_SOCK = await agent((request) => {
      asked = request;
      return answerOf(sign(null, DATA, key.signer));
    });
    const signer = await takeAttestationKey(write('key.pub', publicLine), { SSH_AUTH_SOCK });
    expect(verify(null, DATA, key.publicKey.verifier, await signer.sign(DATA))).toBe(true);
    const body = Buffer.concat([
      Buffer.from([13]),
      string(key.publicKey.blob),
      string(DATA),
      Buffer.alloc(4),
    ]);
    expect(asked).toEqual(string(body));
  });

  it.each<[string, () => Uint8Array]>([
    ['refuses', () => string(Buffer.from([5]))],
    ['answers nothing', () => Buffer.alloc(0)],
    ['answers too much', () => Buffer.from('ffffffff00', 'hex')],
    ['signs with another algorithm', () => answerOf(Buffer.alloc(64), 'ssh-rsa')],
    ['signs something else', () => answerOf(Buffer.alloc(64))],
    ['gives half a signature', () => answerOf(Buffer.alloc(32))],
  ])('an agent that %s has not signed', async (_, answer) => {
    const { publicLine } = generateEd25519Key('x');
    const SSH_AUTH_SOCK = await agent(answer);
    const signer = await takeAttestationKey(write('key.pub', publicLine), { SSH_AUTH_SOCK });
    await expect(signer.sign(DATA)).rejects.toMatchObject({ code: 'agent-refused', kind: 'unfulfilled' });
  });

  it('an agent that is not there, or says nothing for too long, is told', async () => {
    const { publicLine, key } = generateEd25519Key('x');
    const signer = await takeAttestationKey(write('key.pub', publicLine), {});
    await expect(signer.sign(DATA)).rejects.toMatchObject({ code: 'no-agent', kind: 'tool-missing' });
    await expect(signByAgent(at('none'), key.publicKey, DATA)).rejects.toMatchObject({ code: 'no-agent' });
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server?.listen(at('silent'), resolve));
    await expect(signByAgent(at('silent'), key.publicKey, DATA, { timeLimitMs: 50 })).rejects.toMatchObject({
      code: 'agent-refused',
    });
  });
});

describe('keys that are trusted', () => {
  it('a public key is read from PEM and from a line of OpenSSH, and one of another kind is refused', () => {
    const { publicLine, key } = generateEd25519Key('x');
    const pem = key.publicKey.verifier.export({ type: 'spki', format: 'pem' });
    expect(parseTrustedKey(Buffer.from(publicLine)).fingerprint).toBe(key.publicKey.fingerprint);
    expect(parseTrustedKey(Buffer.from(pem)).fingerprint).toBe(key.publicKey.fingerprint);
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    // The point (0, 1), under which one signature is one of every message.
    const identity = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)]);
    identity[12] = 1;
    const weak = `-----BEGIN PUBLIC KEY-----\n${identity.toString('base64')}\n-----END PUBLIC KEY-----\n`;
    for (const text of [
      ec.export({ type: 'spki', format: 'pem' }),
      weak,
      'a text',
      '-----BEGIN PUBLIC KEY-----\n',
    ]) {
      expect(() => parseTrustedKey(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'bad-key' }));
    }
  });

  it('pins are pairs of an id and a key, and a line that is none refuses the list with its number', () => {
    const { publicLine, key } = generateEd25519Key('a comment');
    const pins = parsePins(Buffer.from(`# builders\n\nhttps://a/b ${publicLine}urn:c:d ${publicLine}`));
    expect(pins.map((pin) => [pin.id, pin.key.fingerprint])).toEqual(
      ['https://a/b', 'urn:c:d'].map((id) => [id, key.publicKey.fingerprint]),
    );
    for (const line of ['https://a/b', publicLine.trim(), 'https://a/b ssh-rsa AAAA', ' https://a/b x']) {
      expect(() => parsePins(Buffer.from(`# one\n${line}\n`)), line).toThrow(/line 2 of the pins/);
    }
  });
});
