// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withSshAgent } from '../../../tools/testing/ssh-agent.js';
import { describeWith, haveTools } from '../../../tools/testing/tools.js';
import { SshLab } from '../test/ssh.js';
import { digestOf } from '../test/vectors.js';
import {
  authorise,
  generateEd25519Key,
  NAMESPACES,
  parseAllowedSigners,
  parseOpensshPrivateKey,
  parsePublicLine,
  parseSignature,
  SignatureError,
  signBeside,
  signFile,
  signWithKey,
  verifySignature,
} from './index.js';

const KEYS = [
  ['ed25519', '-t', 'ed25519'],
  ['p256', '-t', 'ecdsa', '-b', '256'],
  ['p384', '-t', 'ecdsa', '-b', '384'],
  ['p521', '-t', 'ecdsa', '-b', '521'],
  ['rsa2048', '-t', 'rsa', '-b', '2048'],
  ['rsa3072', '-t', 'rsa', '-b', '3072'],
  ['rsa4096', '-t', 'rsa', '-b', '4096'],
] as const;
const MESSAGE = Buffer.from('an image\n');
const namespace = NAMESPACES.artifact;

let lab: SshLab;
beforeAll(() => {
  if (!haveTools('ssh-keygen')) return;
  lab = new SshLab();
  for (const [name, ...options] of KEYS) lab.makeKey(name, ...options);
}, 60_000);
afterAll(() => lab?.remove());

const options = (env: NodeJS.ProcessEnv = {}) => ({
  cwd: lab.folder,
  env: { PATH: process.env.PATH, HOME: lab.folder, ...env },
});
const sign = (file: string, key: string, env?: NodeJS.ProcessEnv) =>
  signFile({ file, key: lab.at(key), namespace }, options(env));
/** Signs with the real program, by its own default hash. */
const byHand = (key: string, ...more: string[]) =>
  execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', lab.at(key), ...more], {
    input: MESSAGE,
    stdio: ['pipe', 'pipe', 'ignore'],
  });

describeWith(['ssh-keygen'], 'beside ssh-keygen', () => {
  it.each(KEYS.map(([name]) => name))(
    'a signature by %s is verified here and there, whoever asked for it',
    async (name) => {
      const file = lab.write(`${name}.img`, MESSAGE);
      const { armour, signature, measurement } = await sign(file, name);
      expect(signature.hash).toBe('sha256');
      expect(measurement.size).toBe(MESSAGE.length);
      const signers = lab.write(`${name}.allowed`, `alice ${lab.publicLine(name)}\n`);
      const sig = lab.write(`${name}.img.sig`, armour);
      expect(lab.verifies(signers, sig, MESSAGE, namespace)).toBe(true);
      expect(lab.verifies(signers, sig, Buffer.from('another'), namespace)).toBe(false);
      const own = parseSignature(byHand(name));
      expect(own.hash).toBe('sha512');
      const policy = { allowed: parseAllowedSigners(readFileSync(signers)), at: new Date() };
      for (const each of [signature, own]) {
        expect(authorise(each, digestOf(MESSAGE, each.hash), namespace, policy).principal).toBe('alice');
        expect(() => verifySignature(each, digestOf(Buffer.from('x'), each.hash))).toThrow(SignatureError);
      }
      const [, fingerprint] = execFileSync('ssh-keygen', ['-l', '-f', `${lab.at(name)}.pub`], {
        encoding: 'utf8',
      }).split(' ');
      expect(parsePublicLine(lab.publicLine(name)).fingerprint).toBe(fingerprint);
    },
  );

  it('ssh-keygen reads a key that was made here, signs with it, and verifies what was signed with it here', () => {
    const { privateFile, publicLine, key } = generateEd25519Key('throw-away');
    lab.write('ours', privateFile);
    const printed = execFileSync('ssh-keygen', ['-y', '-f', lab.at('ours')], { encoding: 'utf8' });
    expect(printed).toBe(publicLine);
    verifySignature(parseSignature(byHand('ours')), digestOf(MESSAGE, 'sha512'));
    const signers = lab.write('ours.allowed', `alice ${publicLine}`);
    for (const hash of ['sha256', 'sha512'] as const) {
      const armour = signWithKey(key, namespace, digestOf(MESSAGE, hash), hash);
      expect(lab.verifies(signers, lab.write('ours.sig', armour), MESSAGE, namespace)).toBe(true);
      expect(armour.toString()).toBe(byHand('ours', '-O', `hashalg=${hash}`).toString());
    }
  });

  it('a key of ssh-keygen is read here, one with a passphrase or of another type is refused by name', () => {
    const read = (name: string) => parseOpensshPrivateKey(readFileSync(lab.at(name)));
    expect(read('ed25519').comment).toBe('ed25519');
    const { fingerprint } = parsePublicLine(lab.publicLine('ed25519'));
    expect(read('ed25519').publicKey.fingerprint).toBe(fingerprint);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', lab.at('locked')]);
    expect(() => read('locked')).toThrow(expect.objectContaining({ code: 'encrypted-key' }));
    expect(() => read('p256')).toThrow(expect.objectContaining({ code: 'bad-private-key' }));
  });

  it('a signature by a certificate is refused by name, as is one as a listed key', async () => {
    lab.makeKey('ca', '-t', 'ed25519');
    lab.makeKey('certified', '-t', 'ed25519');
    execFileSync('ssh-keygen', [
      '-q',
      '-s',
      lab.at('ca'),
      '-I',
      'id',
      '-n',
      'alice',
      `${lab.at('certified')}.pub`,
    ]);
    const certificate = lab.publicLine('certified-cert');
    expect(() => parseAllowedSigners(Buffer.from(`alice ${certificate}`))).toThrow(/line 1: .*certificate/);
    lab.write('certified.pub', `${certificate}\n`);
    const file = lab.write('certified.img', MESSAGE);
    // It signs with the certificate, as soon as the public half beside the key is one.
    await expect(sign(file, 'certified')).rejects.toMatchObject({ code: 'certificate' });
  });

  it('what ssh-keygen does not sign is told with what it said', async () => {
    const file = lab.write('refused.img', MESSAGE);
    const refused = (name: string, env?: NodeJS.ProcessEnv) => sign(file, name, env);
    await expect(refused('nothing')).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
    lab.write('garbage', 'no key');
    await expect(refused('garbage')).rejects.toMatchObject({ code: 'not-signed', kind: 'unfulfilled' });
    lab.makeKey('open', '-t', 'ed25519');
    chmodSync(lab.at('open'), 0o644);
    await expect(refused('open')).rejects.toThrow(/NOT accessible by others/);
    lab.write('lonely.pub', generateEd25519Key('lonely').publicLine);
    await expect(refused('lonely.pub')).rejects.toThrow(/No private key found|agent/i);
    await expect(refused('ed25519', { PATH: '' })).rejects.toMatchObject({ code: 'program-missing' });
  });

  it('a passphrase is asked for in the way that the environment names, and a wrong one is told', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', lab.at('asked')]);
    const file = lab.write('asked.img', MESSAGE);
    const answer = (passphrase: string) => {
      writeFileSync(lab.at('askpass'), `#!/bin/sh\necho ${passphrase}\n`, { mode: 0o700 });
      return sign(file, 'asked', { SSH_ASKPASS: lab.at('askpass'), SSH_ASKPASS_REQUIRE: 'force' });
    };
    await expect(answer('wrong')).rejects.toThrow(/incorrect passphrase/);
    verifySignature((await answer('secret')).signature, digestOf(MESSAGE));
  });

  it('a program that stands in for ssh-keygen is believed only as far as its signature holds', async () => {
    const file = lab.write('fake.img', MESSAGE);
    const stand = (script: string) => {
      writeFileSync(lab.at('bin-ssh-keygen'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      execFileSync('mkdir', ['-p', lab.at('bin')]);
      execFileSync('cp', [lab.at('bin-ssh-keygen'), lab.at('bin/ssh-keygen')]);
      return sign(file, 'ed25519', { PATH: lab.at('bin') });
    };
    lab.write(
      'of-another',
      signWithKey(
        parseOpensshPrivateKey(readFileSync(lab.at('ed25519'))),
        namespace,
        digestOf(Buffer.from('x')),
      ),
    );
    lab.write('of-sha512', byHand('ed25519'));
    const cat = `exec /bin/cat ${lab.folder}`;
    await expect(stand(`${cat}/of-another`)).rejects.toMatchObject({ code: 'not-verified' });
    await expect(stand(`${cat}/of-sha512`)).rejects.toMatchObject({ code: 'not-signed' });
    await expect(stand('exit 0')).rejects.toMatchObject({ code: 'not-a-signature' });
    await expect(stand('echo x >> fake.img; exit 0')).rejects.toMatchObject({ code: 'not-a-signature' });
    await expect(stand(`/bin/cat > /dev/null; echo more >> ${file}; ${cat}/fake.sig`)).rejects.toThrow();
    const late = signFile(
      { file, key: lab.at('ed25519'), namespace },
      { ...options({ PATH: lab.at('bin') }), timeLimitMs: 50 },
    );
    writeFileSync(lab.at('bin/ssh-keygen'), '#!/bin/sh\nwhile :; do :; done\n');
    await expect(late).rejects.toThrow(/longer than 0.05 seconds/);
  });

  it('a signature is written beside its file, and one that is there is neither lost nor taken for the new one', async () => {
    const file = lab.write('beside.img', MESSAGE);
    const request = { file, key: lab.at('p256'), namespace };
    const { path, armour } = await signBeside(request, options());
    expect(path).toBe(`${file}.sig`);
    expect(readFileSync(path)).toEqual(armour);
    const again = (reason: RegExp) => expect(signBeside(request, options())).rejects.toThrow(reason);
    await again(/exists already, and is a signature of this file for latticra-os-image by the key SHA256:/);
    expect(readFileSync(path)).toEqual(armour);
    lab.write('beside.img', 'another image');
    await again(/is no signature of this file/);
    writeFileSync(path, byHand('p256'));
    await again(/was made for latticra-os-image/);
    writeFileSync(path, 'a note');
    await again(/is no signature that could be read/);
    expect(readFileSync(path, 'utf8')).toBe('a note');
    const linked = lab.write('linked.img', MESSAGE);
    symlinkSync('nowhere', `${linked}.sig`);
    await expect(signBeside({ ...request, file: linked }, options())).rejects.toMatchObject({
      code: 'signature-exists',
      kind: 'cannot-create',
    });
    expect(readdirSync(lab.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describeWith(['ssh-keygen', 'ssh-agent', 'ssh-add'], 'beside an agent', () => {
  it('a key that only an agent holds signs by its public half', async () => {
    await withSshAgent(lab.at('agent'), async (env) => {
      for (const name of ['p384', 'rsa2048']) {
        execFileSync('ssh-add', ['-q', lab.at(name)], { env, stdio: 'ignore' });
        lab.write(`of-agent-${name}.pub`, `${lab.publicLine(name)}\n`);
        const file = lab.write('agent.img', MESSAGE);
        const { SSH_AUTH_SOCK } = env;
        const { signature } = await sign(file, `of-agent-${name}.pub`, { SSH_AUTH_SOCK });
        expect(signature.key.fingerprint).toBe(parsePublicLine(lab.publicLine(name)).fingerprint);
      }
    });
  });
});
