// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTrustedKey } from '@latticra/attestation';
import { READINESS_CLAIMS } from '@latticra/evidence-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

const SHIPPED = fileURLToPath(
  new URL('../../../installer/manifests/latticra-os-image-release.toml', import.meta.url),
);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'attest-verify-'));
  await cp(fileURLToPath(new URL('../../../packages/attestation/test/vectors', import.meta.url)), cwd, {
    recursive: true,
  });
  const { blob } = parseTrustedKey(await readFile(join(cwd, 'ed25519.pub')));
  const key = `ssh-ed25519 ${Buffer.from(blob).toString('base64')}`;
  const ids = ['https://example.org/builders/desk', 'https://example.org/latticra/promotion-evaluate'];
  await writeFile(join(cwd, 'pins'), ids.map((id) => `${id} ${key}\n`).join(''));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const verify = (...argv: string[]) =>
  tryLane(lane, ['--trusted-key', 'ed25519.pub', '--artifact', 'artifact.bin', ...argv], { cwd });
const PINNED = ['--pins', 'pins'];
const BUILD = [
  ...PINNED,
  ...['--build-type', 'https://example.org/latticra/os-image-build/v1'],
  ...['--expect-parameter', 'artifactVersion=local-candidate'],
  ...['--expect-parameter', 'commandLine=console=ttyS0'],
];
const SUMMARY = [
  ...PINNED,
  ...['--resource-uri', 'https://example.org/latticra-x86_64.iso', '--level', 'SLSA_BUILD_LEVEL_UNEVALUATED'],
];

describe(lane.bin, () => {
  it('attestations of others are verified, each told with what it says, and nothing is claimed or written', async () => {
    const before = readdirSync(cwd);
    const names = [
      'provenance',
      'test-result',
      'spdx',
      'vsa',
      'bad-unknown-key-first',
      'bad-payload-base64url',
    ];
    const { status, stdout, stderr } = await verify(
      ...BUILD,
      ...SUMMARY.slice(PINNED.length),
      ...names.flatMap((name) => ['--attestation', `${name}.dsse.json`]),
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(documentValues(stdout)).toMatchObject({
      verification_status: 'ok',
      attestation_count: '6',
      pinned_pair_count: '2',
      ...Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0'])),
    });
    expect(stdout).toContain('\ntest_result=PASSED\n');
    expect(readdirSync(cwd)).toEqual(before);
  });

  it('a file with an envelope to a line is verified line by line, and the line that does not hold is named', async () => {
    const line = async (name: string) =>
      `${JSON.stringify(JSON.parse(await readFile(join(cwd, `${name}.dsse.json`), 'utf8')))}\n`;
    await writeFile(join(cwd, 'good.intoto.jsonl'), (await line('test-result')) + (await line('spdx')));
    const good = await verify('--attestation', 'good.intoto.jsonl', '--kind', 'spdx', '--kind', 'testResult');
    expect([good.status, good.stderr]).toEqual([0, '']);
    await writeFile(
      join(cwd, 'bad.intoto.jsonl'),
      (await line('test-result')) + (await line('bad-type-json')),
    );
    const bad = await verify('--attestation', 'bad.intoto.jsonl');
    expect([bad.status, bad.stdout]).toEqual([65, '']);
    expect(bad.stderr).toContain('bad.intoto.jsonl, line 2: payload-type: ');
  });

  it('every attack is refused by name, and no report is printed', async () => {
    const attacks = readdirSync(cwd).filter((name) => /^bad-(?!unknown|payload-base64url)/.test(name));
    expect(attacks).toHaveLength(12);
    for (const name of attacks) {
      const { status, stdout, stderr } = await verify(...BUILD, '--attestation', name);
      expect([status, stdout], name).toEqual([65, '']);
      expect(stderr).toMatch(
        new RegExp(`^latticra-os-image-attest-verify: ${name}: [a-z0-9-]+: [^\\n]+; [^\\n]+\\n$`),
      );
    }
  });

  it.each<[number, string, string[]]>([
    [64, '--kind: expected', ['--kind', 'everything']],
    [64, '--expect-parameter: goes with', ['--expect-parameter', 'a=b']],
    [64, 'expected name=value', ['--build-type', 'x:y', '--expect-parameter', 'a']],
    [64, 'one name is given twice', [...BUILD, '--expect-parameter', 'commandLine=x']],
    [64, '--build-record says', ['--build-record', 'pins', '--build-type', 'x:y']],
    [65, 'pins: ', ['--build-record', 'pins']],
    [65, 'artifact.bin: the public key', ['--trusted-key', 'artifact.bin']],
    [65, 'artifact.bin: line 1 of the pins', ['--pins', 'artifact.bin']],
    [65, 'build-type: a build of the type', PINNED],
    [65, 'not-pinned: the builder', BUILD.slice(PINNED.length)],
    [65, 'too-few-signers: 1 of the trusted keys', [...BUILD, '--threshold', '2']],
    [66, 'missing', [...BUILD, '--attestation', 'missing']],
  ])('the lane ends with %i, saying %s', async (expected, message, argv) => {
    const { status, stdout, stderr } = await verify('--attestation', 'provenance.dsse.json', ...argv);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(/^latticra-os-image-attest-verify: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('the lane is guarded by the fixture that is named', async () => {
    const shipped = await readFile(SHIPPED, 'utf8');
    const early = shipped.replace('bootable_os_ready = false', 'bootable_os_ready = true');
    await writeFile(join(cwd, 'early.toml'), early);
    const { status, stdout, stderr } = await verify(
      '--attestation',
      'spdx.dsse.json',
      '--manifest',
      'early.toml',
    );
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(/early\.toml: .*bootable_os_ready: expected false, found true/);
  });
});
