// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBuildId } from '@latticra/boot-seed';
import { generateEd25519Key, NAMESPACES, readRecordSignature } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'boot-seed-build-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (argv: readonly string[], env: NodeJS.ProcessEnv = { PATH: '' }) =>
  tryLane(lane, argv, { cwd, env });

const field = (document: string, key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(document)?.[1];

describe(lane.bin, () => {
  it('the seed build writes into its default folder with nothing on PATH', async () => {
    const { status, stdout, stderr } = await run([]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.startsWith('LATTICRA BOOT SEED BUILD\nbuild_status=ok\n')).toBe(true);
    const outputDir = join(cwd, 'build/boot-seed');
    expect(await readdir(outputDir)).toEqual([
      'boot-seed-build-record.txt',
      'latticra-boot-seed.elf',
      'latticra-boot-seed.iso',
    ]);
    const buildId = readBuildId(await readFile(join(outputDir, 'latticra-boot-seed.elf')));
    expect(field(stdout, 'boot_seed_build_id')).toBe(buildId);
  });

  it('the seed build signs its record with a key, without any program, and a later build leaves no signature of it', async () => {
    const { privateFile, key } = generateEd25519Key('builder');
    await writeFile(join(cwd, 'key'), privateFile, { mode: 0o600 });
    const { status, stdout } = await run(['--sign-key', 'key', '--output-dir', 'out']);
    expect(status).toBe(0);
    const record = join(cwd, 'out/boot-seed-build-record.txt');
    expect(field(stdout, 'boot_seed_build_record_signature_path')).toBe(`${record}.sig`);
    const { signature } = readRecordSignature(
      await readFile(`${record}.sig`),
      await readFile(record),
      NAMESPACES.build,
    );
    expect(signature.key.fingerprint).toBe(key.publicKey.fingerprint);
    const unsigned = await run(['--output-dir', 'out', '--build-id', 'other']);
    expect(field(unsigned.stdout, 'boot_seed_build_record_signature_path')).toBe('none');
    expect(await readdir(join(cwd, 'out'))).not.toContain('boot-seed-build-record.txt.sig');
  });

  it('build id and SOURCE_DATE_EPOCH decide the bytes of the seed build', async () => {
    const iso = async (buildId: string, epoch: string) => {
      const { stdout } = await run(['--build-id', buildId], { PATH: '', SOURCE_DATE_EPOCH: epoch });
      return field(stdout, 'boot_seed_iso_sha256');
    };
    const first = await iso('a', '1700000000');
    expect(await iso('b', '1700000000')).not.toBe(first);
    expect(await iso('a', '1700000001')).not.toBe(first);
    expect(await iso('a', '1700000000')).toBe(first);
  });

  it('the seed build ends well in each of several runs into one folder at once, and leaves a whole build', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => run(['--output-dir', 'out'])));
    expect(all.map(({ status, stderr }) => [status, stderr])).toEqual(all.map(() => [0, '']));
    expect(await readdir(join(cwd, 'out'))).toHaveLength(3);
  });

  const refused: [number, RegExp, string[], NodeJS.ProcessEnv?][] = [
    [64, /build id "a b": expected/, ['--build-id', 'a b']],
    [64, /--build-id: expected a value, found an empty value/, ['--build-id=']],
    [64, /--toolchain: given twice/, ['--toolchain', 'auto', '--toolchain', 'auto']],
    [64, /unknown flag --isos/, ['--isos', 'x']],
    [64, /SOURCE_DATE_EPOCH "soon": expected/, [], { PATH: '', SOURCE_DATE_EPOCH: 'soon' }],
    [65, /--output-dir: expected one line/, ['--output-dir', 'a\nbootable_os_ready=1']],
    [65, /found text, expected a Multiboot 2 kernel/, ['--kernel', 'text']],
    [65, /folder/, ['--kernel', 'folder']],
    [66, /missing/, ['--kernel', 'missing']],
    [66, /no-key/, ['--sign-key', 'no-key']],
    [65, /--source-commit: expected 40 or 64/, ['--source-commit', 'abc']],
    [
      69,
      /^latticra-boot-seed-build: as: no such program on PATH; install binutils\n$/,
      ['--toolchain', 'gnu'],
    ],
    [
      69,
      /^latticra-boot-seed-build: grub-mkrescue: no such program on PATH; install grub-common\n$/,
      ['--bootloader', 'grub'],
    ],
    [73, /text/, ['--output-dir', 'text/below']],
  ];
  it.each(refused)('the seed build ends with %i, saying %s', async (expected, reason, argv, env) => {
    await writeFile(join(cwd, 'text'), 'x'.repeat(100));
    await mkdir(join(cwd, 'folder'));
    const { status, stdout, stderr } = await run(argv, env);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^latticra-boot-seed-build: [^\n]+\n$/);
    expect(await readdir(cwd)).toEqual(['folder', 'text']);
  });
});
