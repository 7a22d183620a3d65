// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NAMESPACES } from '@latticra/signature';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { lane as validate } from '../../../apps/os-image-artifact-manifest-validate/src/lane.js';
import { writeRelease } from '../../../packages/operator-bundle/test/release.js';
import { SshLab } from '../../../packages/signature/test/ssh.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { haveTools, itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let lab: SshLab;
beforeAll(async () => {
  lab = new SshLab();
  await writeRelease(lab.at('release'));
  if (haveTools('ssh-keygen')) lab.makeKey('key', '-t', 'ecdsa');
});
afterAll(() => lab.remove());

const outside = () => ({ cwd: lab.folder, env: { PATH: process.env.PATH, HOME: lab.folder } });
const stage = (folder: string, key: string) =>
  tryLane(
    lane,
    [
      '--artifact-manifest',
      'release/manifest.txt',
      '--output-dir',
      folder,
      '--vm-firmware',
      'seabios',
      '--sign-key',
      key,
    ],
    outside(),
  );

describe(`${lane.bin} --sign-key`, () => {
  itWith(
    ['ssh-keygen'],
    'the checksums of a bundle are signed: ssh-keygen and the validation verify that',
    async () => {
      const { status, stderr, stdout } = await stage('bundle', 'key');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^checksums_signed=1$/m);
      const sums = readFileSync(lab.at('bundle/SHA256SUMS'));
      const signers = lab.write('signers', `alice ${lab.publicLine('key')}\n`);
      expect(lab.verifies(signers, lab.at('bundle/SHA256SUMS.sig'), sums, NAMESPACES.artifact)).toBe(true);
      expect(readFileSync(lab.at('bundle/README.txt'), 'utf8')).toMatch(/2\. CHECK WHO MADE IT/);
      const argv = ['--artifact-manifest', 'bundle/manifest.txt'];
      const { stdout: report } = await tryLane(validate, argv, outside());
      expect(report).toMatch(
        /\nbundle_signature_status=present-unverified\nsignature_key_type=ecdsa-sha2-nistp256\n/,
      );
      await rm(join(lab.folder, 'bundle/SHA256SUMS.sig'));
      const gone = await tryLane(validate, argv, outside());
      expect([gone.status, gone.stdout]).toEqual([65, '']);
      expect(gone.stderr).toMatch(/SHA256SUMS\.sig: was made with the bundle, and is not there/);
    },
  );

  itWith(['ssh-keygen'], 'a bundle that cannot be signed is not there', async () => {
    lab.write('no-key', 'no key');
    const { status, stdout } = await stage('other', 'no-key');
    expect([status, stdout]).toEqual([70, '']);
    expect(existsSync(lab.at('other'))).toBe(false);
    expect((await stage('other', 'gone')).status).toBe(66);
  });
});
