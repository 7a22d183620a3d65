// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { SshLab } from '../../../packages/signature/test/ssh.js';
import { BOOT_ISO } from '../../../tools/testing/images.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { haveTools, itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let lab: SshLab;
beforeAll(() => {
  lab = new SshLab();
  if (haveTools('ssh-keygen')) lab.makeKey('key', '-t', 'ed25519');
});
afterAll(() => lab.remove());

const run = (...argv: string[]) =>
  tryLane(lane, argv, { cwd: lab.folder, env: { PATH: process.env.PATH, HOME: lab.folder } });

describe(lane.bin, () => {
  itWith(
    ['ssh-keygen'],
    'what the lane signs, ssh-keygen verifies: an image and a list of checksums',
    async () => {
      const signers = lab.write('signers', `alice ${lab.publicLine('key')}\n`);
      const sums = `${'a'.repeat(64)}  x.iso\n`;
      for (const [name, content, kind] of [
        ['x.iso', BOOT_ISO, 'iso9660'],
        ['SHA256SUMS', Buffer.from(sums), 'checksums'],
      ] as const) {
        lab.write(name, content);
        const { status, stdout, stderr } = await run('--artifact', name, '--key', 'key');
        expect([status, stderr]).toEqual([0, '']);
        const claims = Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0']));
        expect(documentValues(stdout)).toMatchObject({
          ...claims,
          signature_status: 'signed',
          artifact_kind: kind,
          signature_path: `${name}.sig`,
          signature_namespace: 'latticra-os-image',
          signature_key_type: 'ssh-ed25519',
          signature_key_fingerprint: expect.stringMatching(/^SHA256:/),
        });
        const verifies = (namespace: string) =>
          lab.verifies(signers, lab.at(`${name}.sig`), Buffer.from(content), namespace);
        expect([verifies('latticra-os-image'), verifies('file')]).toEqual([true, false]);
      }
    },
  );

  itWith(
    ['ssh-keygen'],
    'a signature that is there is told apart and stays, and a review is signed as one',
    async () => {
      const file = basename(lab.write('review.txt', 'approve\n'));
      const argv = ['--artifact', file, '--key', 'key', '--namespace', 'latticra-review'];
      expect((await run(...argv)).status).toBe(0);
      const before = [readFileSync(lab.at('review.txt.sig'), 'utf8'), readdirSync(lab.folder)];
      const { status, stdout, stderr } = await run(...argv);
      expect([status, stdout]).toEqual([73, '']);
      expect(stderr).toMatch(
        /exists already, and is a signature of this file for latticra-review by the key SHA256:/,
      );
      expect([readFileSync(lab.at('review.txt.sig'), 'utf8'), readdirSync(lab.folder)]).toEqual(before);
    },
  );
});
