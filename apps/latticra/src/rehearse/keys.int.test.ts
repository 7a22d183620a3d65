// SPDX-License-Identifier: Apache-2.0
/** Rehearsals with keys that people have: of every type that ssh-keygen makes, and in an agent. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { assertTypable } from '../../../../tools/lanes/next-command.js';
import { tryLane } from '../../../../tools/testing/lane.js';
import { openFields } from '../../../../tools/testing/promotion-board.js';
import { withSshAgent } from '../../../../tools/testing/ssh-agent.js';
import { tagFolder } from '../../../../tools/testing/tagged-folder.js';
import { describeWith, itWith } from '../../../../tools/testing/tools.js';
import { lane as rehearseLane } from './rehearse-lane.js';

const PASSPHRASE = 'open sesame';

describeWith(['ssh-keygen'], "a rehearsal with people's keys", () => {
  let cwd: string;
  let folder: string;
  const make = (name: string, type: string, bits: number | undefined, passphrase = '') => {
    const size = bits === undefined ? [] : ['-b', String(bits)];
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      type,
      ...size,
      '-N',
      passphrase,
      '-C',
      name,
      '-f',
      join(cwd, name),
    ]);
  };
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'latticra-rehearse-keys-'));
    folder = join(cwd, 'release');
    make('ed25519', 'ed25519', undefined);
    make('rsa', 'rsa', 3072);
    make('ecdsa', 'ecdsa', 256);
    make('locked', 'ed25519', undefined, PASSPHRASE);
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  beforeEach(() => rmSync(folder, { recursive: true, force: true }));

  const rehearse = (argv: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
    tryLane(rehearseLane, ['--output-dir', folder, ...argv], { cwd, env });
  const V86 = ['--emulator', 'v86'];
  const allowed = () =>
    readFileSync(join(folder, 'promotion/allowed-signers'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ').slice(0, 3).join(' '));
  /** Runs with an agent that holds the key with a passphrase. */
  const withAgent = (use: (env: NodeJS.ProcessEnv) => Promise<void>) =>
    withSshAgent(join(cwd, 'agent'), async (env) => {
      // ssh-add asks a program for the passphrase where it has no terminal.
      const ask = join(cwd, 'ask');
      writeFileSync(ask, `#!/bin/sh\necho '${PASSPHRASE}'\n`, { mode: 0o700 });
      execFileSync('ssh-add', ['-q', join(cwd, 'locked')], {
        env: { ...env, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force' },
        stdio: 'ignore',
      });
      await use(env);
    });

  itWith(
    ['git', 'qemu-system-x86_64'],
    'an RSA key builds from a tag, an ECDSA key reviews and an ed25519 key is the machine: the same fields hold as with throw-away keys',
    async () => {
      tagFolder(cwd, 'v1');
      const { status, stdout, stderr } = await rehearse([
        ...['--sign-key', 'rsa', '--review-key', 'ecdsa', '--machine-key', 'ed25519'],
        ...['--source-tag', 'v1'],
      ]);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Promotion board: 14 of 20 fields hold');
      // In DSSE an ed25519 key signs, and nothing else of a rehearsal needs that.
      expect(stdout).toMatch(/attestations +- {2}LEFT OUT: /);
      expect(stdout).not.toContain('prove nothing');
      expect(allowed()).toEqual([
        'builder@rehearsal.invalid namespaces="latticra-build,latticra-os-image" ssh-rsa',
        'reviewer@rehearsal.invalid namespaces="latticra-review" ecdsa-sha2-nistp256',
        'machine@rehearsal.invalid namespaces="latticra-boot" ssh-ed25519',
      ]);
      expect(readdirSync(folder)).not.toContain('throw-away-keys');
    },
    120_000,
  );

  itWith(
    ['ssh-agent', 'ssh-add'],
    'a key with a passphrase signs through its agent, and the second person may be left out',
    () =>
      withAgent(async (env) => {
        const { status, stdout, stderr } = await rehearse([...V86, '--sign-key', 'locked.pub'], env);
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).toContain('Promotion board: 11 of 20 fields hold');
        expect(stdout).toMatch(/in-toto: provenance/);
        expect(stdout).toMatch(/review +- {2}LEFT OUT: --review-key was not given/);
        const open = openFields(stdout);
        const [reproducible] = open.filter(({ field }) => field === 'artifact_reproducibility_reviewed');
        expect(reproducible?.command).toMatch(/--reviewer REVIEWER --decision approve --key REVIEWER_KEY/);
        for (const { command } of open) await assertTypable(command, cwd);
      }),
    120_000,
  );

  it.each([
    ['ed25519', 'ed25519'],
    ['ed25519', 'copied'],
    ['rsa', 'copied-rsa'],
    ['ecdsa', 'ecdsa'],
  ])(
    'one key for two people, %s and %s, is refused by name before anything is done',
    async (sign, review) => {
      for (const name of ['ed25519', 'rsa'])
        copyFileSync(join(cwd, name), join(cwd, name === 'rsa' ? 'copied-rsa' : 'copied'));
      const { status, stdout, stderr } = await rehearse([...V86, '--sign-key', sign, '--review-key', review]);
      expect([status, stdout]).toEqual([64, '']);
      expect(stderr).toMatch(
        /^latticra rehearse: --review-key: the reviewer is who built: both keys are SHA256:\S+; give /,
      );
      expect(existsSync(folder)).toBe(false);
    },
  );

  itWith(
    ['ssh-agent', 'ssh-add'],
    'one key that is named by its file and by its agent is refused as one',
    () =>
      withAgent(async (env) => {
        copyFileSync(join(cwd, 'locked.pub'), join(cwd, 'other.pub'));
        const keys = ['--sign-key', 'locked.pub', '--review-key', 'other.pub'];
        const { status, stderr } = await rehearse([...V86, ...keys], env);
        expect([status, stderr]).toEqual([64, expect.stringContaining('the reviewer is who built')]);
        expect(existsSync(folder)).toBe(false);
      }),
  );

  it.each([
    ['a key that is not there', ['--sign-key', 'none'], 66, /none: no such file/],
    ['a key that nobody can unlock', ['--sign-key', 'locked', '--review-key', 'rsa'], 70, /locked/],
    ['a file that is no key', ['--sign-key', 'no-key', '--review-key', 'rsa'], 70, /no-key/],
  ])('%s is told before anything is done', async (_, keys, code, reason) => {
    writeFileSync(join(cwd, 'no-key'), 'hello\n', { mode: 0o600 });
    const { status, stdout, stderr } = await rehearse([...V86, ...keys], { PATH: process.env.PATH });
    expect([status, stdout, stderr]).toEqual([code, '', expect.stringMatching(reason)]);
    expect(existsSync(folder)).toBe(false);
  });

  it('a key in the folder that the rehearsal replaces is refused', async () => {
    mkdirSync(folder);
    copyFileSync(join(cwd, 'ed25519'), join(folder, 'key'));
    const { status, stderr } = await rehearse([...V86, '--sign-key', 'release/key']);
    expect([status, stderr]).toEqual([73, expect.stringMatching(/lies in the folder.*--sign-key names it/)]);
  });
});
