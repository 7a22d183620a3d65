// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyOperatorBundle } from '@latticra/operator-bundle';
import { generateEd25519Key } from '@latticra/signature';
import { afterEach, beforeEach, expect } from 'vitest';
import { biosGuest, GUEST_EXIT_CODE } from '../../../../../tools/testing/guest.js';
import { BOOT_ISO } from '../../../../../tools/testing/images.js';
import { tryLane } from '../../../../../tools/testing/lane.js';
import { itWith } from '../../../../../tools/testing/tools.js';
import { lane } from './release-lane.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-release-'));
  writeFileSync(join(cwd, 'demo.iso'), BOOT_ISO);
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const release = (...argv: readonly string[]) =>
  tryLane(lane, ['--release', '12.1', '--output-dir', 'out', ...argv], { cwd, env: process.env });
const read = (name: string) => readFileSync(join(cwd, 'out', name), 'utf8');

itWith(
  ['ssh-keygen'],
  'a key signs each image and the bundle, is known again, and another key signs all of it again',
  async () => {
    const key = (name: string) =>
      writeFileSync(join(cwd, name), generateEd25519Key(name).privateFile, { mode: 0o600 });
    key('one');
    key('two');
    const unsigned = await release('--iso', 'demo.iso');
    expect([unsigned.status, unsigned.stderr]).toEqual([0, '']);
    const signed = await release('--iso', 'demo.iso', '--sign-key', 'one');
    expect([signed.status, signed.stderr]).toEqual([0, '']);
    expect(readdirSync(join(cwd, 'out/signatures'))).toEqual(['demo.iso.sig']);
    const { checksumsSignature } = await verifyOperatorBundle(join(cwd, 'out/operator-bundle'));
    expect(checksumsSignature.status).not.toBe('none');
    const first = read('signatures/demo.iso.sig');
    const same = await release('--iso', 'demo.iso', '--sign-key', 'one');
    expect(same.stdout).toMatch(/\n0 steps done, 7 kept/);
    const other = await release('--iso', 'demo.iso', '--sign-key', 'two');
    expect(other.stdout).toContain('again: the key changed\n');
    expect(read('signatures/demo.iso.sig')).not.toBe(first);
  },
);

const matrix = (line: string) => `schema = "latticra.boot-matrix/v0.1"
timeout_seconds = 60
memory_mib = 64
[expect]
lines = [${JSON.stringify(line)}]
[machines.i440fx]
machine = "pc-i440fx"
firmware = "seabios"
[images.demo]
path = "demo.raw"
format = "raw"
attach = ["disk"]
exit_code = ${GUEST_EXIT_CODE}
`;

itWith(
  ['qemu-system-x86_64'],
  'a boot that does not show what it has to ends the run, one that does goes into the bundle, and is not booted again',
  async () => {
    writeFileSync(join(cwd, 'demo.raw'), biosGuest('up\n'));
    const argv = ['--vm-image', 'demo.raw', '--boot-matrix', 'matrix.toml'];
    writeFileSync(join(cwd, 'matrix.toml'), matrix('login:'));
    const failed = await release(...argv);
    expect(failed.status).toBe(70);
    expect(failed.stderr).toMatch(
      /demo_disk_i440fx failed.*latticra boot-matrix run --matrix matrix\.toml --case demo_disk_i440fx\n$/,
    );
    writeFileSync(join(cwd, 'matrix.toml'), matrix('up'));
    const { status, stdout, stderr } = await release(...argv);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/artifact manifest +- {2}kept/);
    const { records } = await verifyOperatorBundle(join(cwd, 'out/operator-bundle'));
    expect(records.map(({ record }) => record.caseName)).toEqual(['demo_disk_i440fx']);
    expect(read('artifact-manifest-validation.txt')).toContain('[boot_evidence]');
    expect((await release(...argv)).stdout).toMatch(/\n0 steps done, 8 kept/);
    writeFileSync(
      join(cwd, 'matrix.toml'),
      matrix('up').replace('demo.raw', 'demo.iso').replace('"raw"', '"iso"'),
    );
    const foreign = await release(...argv);
    expect([foreign.status, foreign.stderr]).toEqual([
      65,
      expect.stringContaining('is no image of this release'),
    ]);
  },
  120_000,
);
