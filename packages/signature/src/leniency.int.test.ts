// SPDX-License-Identifier: Apache-2.0
/** Whatever is granted here, ssh-keygen grants as well: this package is stricter, and never more lenient. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, haveTools } from '../../../tools/testing/tools.js';
import { ALICE, BOB, codeOf, words } from '../test/keys.js';
import { SshLab } from '../test/ssh.js';
import { digestOf, MESSAGE, vector, vectorNames } from '../test/vectors.js';
import {
  authorise,
  NAMESPACES,
  parseAllowedSigners,
  parseSignature,
  signWithKey,
  verifySignature,
} from './index.js';

let lab: SshLab;
beforeAll(() => {
  if (haveTools('ssh-keygen')) lab = new SshLab();
});
afterAll(() => lab?.remove());

const K = words(ALICE);
const signature = signWithKey(ALICE.key, NAMESPACES.artifact, digestOf(MESSAGE));

/** Lines of allowed signers, what is granted to alice@example.org here, and what by ssh-keygen. */
const LINES: readonly (readonly [line: string, here: boolean, there: boolean])[] = [
  [`alice@example.org ${K}`, true, true],
  [`alice@example.org ${K} a "comment"\r\n`, true, true],
  [`ALICE@example.org ${K}`, false, false],
  [`bob@x,alice@example.org ${K}`, true, true],
  [`bob@x, alice@example.org ${K}`, false, false],
  [`*@example.org ${K}`, true, true],
  [`al?ce@example.org ${K}`, true, true],
  [`* ${K}`, true, true],
  [`*@example.org,!alice@example.org ${K}`, false, false],
  [`!alice@example.org,*@example.org ${K}`, false, false],
  [`!bob@x ${K}`, false, false],
  [`*@example.org,!alice@example.org ${K}\nalice@example.org ${K}`, true, true],
  [`"alice@example.org,bob smith" ${K}`, true, true],
  [`al"ice@exam"ple.org ${K}`, false, false],
  [`alice@example.org namespaces="latticra-os-image" ${K}`, true, true],
  [`alice@example.org namespaces="file,latticra-*" ${K}`, true, true],
  [`alice@example.org NAMESPACES="latticra-os-image" ${K}`, true, true],
  [`alice@example.org namespaces="latticra-*,!latticra-os-image" ${K}`, false, false],
  [`alice@example.org namespaces="" ${K}`, false, false],
  [`alice@example.org namespaces="file, latticra-os-image" ${K}`, false, false],
  [`alice@example.org namespaces=latticra-os-image ${K}`, false, false],
  [`alice@example.org valid-after="20200101Z",namespaces="latticra-os-image" ${K}`, true, true],
  [`alice@example.org valid-after="20200101" ${K}`, false, true],
  [`alice@example.org valid-after="20200231Z" ${K}`, false, true],
  [`alice@example.org valid-before="20200101Z" ${K}`, false, false],
  [`alice@example.org valid-after="29990101Z" ${K}`, false, false],
  [`alice@example.org ,,namespaces="latticra-os-image" ${K}`, false, true],
  [`alice@example.org namespaces="latticra-os-image", ${K}`, false, false],
  [`alice@example.org no-touch-required ${K}`, false, false],
  [`alice@example.org cert-authority ${K}`, false, false],
  [`\ufeffalice@example.org ${K}`, false, false],
  [`a broken line\nalice@example.org ${K}`, false, true],
  [`alice@example.org namespaces="file" ${K}\nalice@example.org ${K}`, true, true],
  [`alice@example.org ${words(BOB)}`, false, false],
  ['', false, false],
];

describeWith(['ssh-keygen'], 'beside ssh-keygen', () => {
  it.each(LINES)('the line %j grants %j here, and %j there', (lines, here, there) => {
    const grants = codeOf(() =>
      authorise(parseSignature(signature), digestOf(MESSAGE), NAMESPACES.artifact, {
        allowed: parseAllowedSigners(Buffer.from(lines)),
        signer: 'alice@example.org',
        at: new Date(),
      }),
    );
    const file = lab.write('signers', lines);
    const sig = lab.write('sig', signature);
    const grantsThere = lab.verifies(file, sig, MESSAGE, NAMESPACES.artifact, 'alice@example.org');
    expect([grants === 'done', grantsThere]).toEqual([here, there]);
    expect(here && !there).toBe(false);
  });

  it('every recorded signature that verifies here verifies there, but for line ends that newer versions take', () => {
    const names = [...vectorNames('.', '.sig'), ...vectorNames('edge', '.sig').map((name) => `edge/${name}`)];
    const verified = names.filter(
      (name) =>
        codeOf(() => {
          const read = parseSignature(vector(name));
          verifySignature(read, digestOf(MESSAGE, read.hash));
        }) === 'done',
    );
    expect(verified.length).toBeGreaterThan(20);
    const refused = verified.filter((name) => {
      const argv = [
        '-Y',
        'check-novalidate',
        '-n',
        NAMESPACES.artifact,
        '-s',
        lab.write('sig', vector(name)),
      ];
      return spawnSync('ssh-keygen', argv, { input: MESSAGE }).status !== 0;
    });
    // Taken since OpenSSH 9.5.
    expect(refused.filter((name) => name !== 'edge/crlf-all.sig')).toEqual([]);
  });
});
