// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { generateEd25519Key, NAMESPACES, signWithKey, unsignedLocal } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO } from '../../../tools/testing/images.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'lane-'));
  await writeFile(join(cwd, 'x.iso'), BOOT_ISO);
  await writeFile(join(cwd, 'SHA256SUMS'), 'no checksums\n');
  await writeFile(join(cwd, 'empty'), '');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...argv: string[]) => tryLane(lane, argv, { cwd, env: { PATH: '' } });
const declare = (...argv: string[]) =>
  run('--unsigned-local', '--reason', 'a build for this machine', ...argv);
const DIGEST = createHash('sha256').update(BOOT_ISO).digest();

describe(lane.bin, () => {
  it('a declaration says of what and why, is printed, lies beside the file, and claims nothing', async () => {
    const { status, stdout, stderr } = await declare('--artifact', 'x.iso');
    expect([status, stderr]).toEqual([0, '']);
    const written = await readFile(join(cwd, 'x.iso.unsigned-local.txt'));
    expect(written.toString()).toBe(stdout);
    expect(unsignedLocal.parse(written)).toEqual({
      artifactName: 'x.iso',
      sha256: DIGEST.toString('hex'),
      reason: 'a build for this machine',
    });
    expect(Object.keys(READINESS_CLAIMS)).toEqual(
      expect.arrayContaining(['bootable_os_ready', 'production_os_claim']),
    );
    expect(stdout).toMatch(/^bootable_os_ready=0\nproduction_os_claim=0$/m);
  });

  it('a file is not declared unsigned beside its signature, nor twice', async () => {
    const { key } = generateEd25519Key('');
    await writeFile(join(cwd, 'x.iso.sig'), signWithKey(key, NAMESPACES.artifact, DIGEST));
    const { status, stderr } = await declare('--artifact', 'x.iso');
    expect(status).toBe(73);
    expect(stderr).toMatch(
      /x\.iso\.sig: exists already, and is a signature of this file .* by the key SHA256:/,
    );
    await rm(join(cwd, 'x.iso.sig'));
    expect((await declare('--artifact', 'x.iso')).status).toBe(0);
    const before = await readdir(cwd);
    const again = await declare('--artifact', 'x.iso');
    expect([again.status, again.stdout]).toEqual([73, '']);
    expect(again.stderr).toMatch(/unsigned-local\.txt: exists already, and declares the file unsigned/);
    expect(await readdir(cwd)).toEqual(before);
  });

  it.each<[string, number, string[], RegExp]>([
    ['neither a key nor a declaration', 64, ['--artifact', 'x.iso'], /--key or --unsigned-local/],
    [
      'both',
      64,
      ['--artifact', 'x.iso', '--key', 'k', '--unsigned-local', '--reason', 'x'],
      /one of the two/,
    ],
    ['a declaration without a reason', 64, ['--artifact', 'x.iso', '--unsigned-local'], /go together/],
    [
      'a reason without a declaration',
      64,
      ['--artifact', 'x.iso', '--key', 'k', '--reason', 'x'],
      /together/,
    ],
    ['another namespace', 64, ['--artifact', 'x.iso', '--key', 'k', '--namespace', 'file'], /--namespace/],
    ['no artifact', 66, ['--artifact', 'gone', '--key', 'k'], /gone: no such file/],
    ['no key', 66, ['--artifact', 'x.iso', '--key', 'gone'], /gone: no such file/],
    ['no ssh-keygen', 69, ['--artifact', 'x.iso', '--key', 'empty'], /install openssh-client/],
    ['an empty artifact', 64, ['--artifact', 'empty', '--key', 'x.iso'], /found an empty file/],
    [
      'a SHA256SUMS that is none',
      65,
      ['--artifact', 'SHA256SUMS', '--key', 'x.iso'],
      /two spaces and a name/,
    ],
  ])('%s is refused, and nothing is written', async (_, expected, argv, reason) => {
    const before = await readdir(cwd);
    const { status, stdout, stderr } = await run(...argv);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(cwd)).toEqual(before);
  });

  it('a signature is not signed', async () => {
    const { key } = generateEd25519Key('');
    await writeFile(join(cwd, 'x.sig'), signWithKey(key, NAMESPACES.artifact, DIGEST));
    const { status, stderr } = await run('--artifact', 'x.sig', '--key', 'x.iso');
    expect(status).toBe(64);
    expect(stderr).toMatch(/x\.sig: found a signature, expected what is to be signed/);
  });
});
