// SPDX-License-Identifier: Apache-2.0
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBootDisk, buildBootIso, PREBUILT_PARTS, setBuildId } from '@latticra/boot-seed';
import { type Layout, layoutChunks } from '@latticra/disk-image';
import { encodeQcow2 } from '@latticra/disk-image/qcow2';
import { writeFileAtomic } from '@latticra/held-files';
import { executeLane } from '@latticra/lane';
import { checkSbom, checkSbomFiles } from '@latticra/sbom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lane } from './lane.js';

let folder: string;
let release: string;

/** Writes a release around `kernel` into a folder of its own. */
async function build(name: string, kernel: Uint8Array): Promise<string> {
  const target = join(folder, name);
  await mkdir(target);
  const put = (file: string, layout: Layout) => writeFileAtomic(join(target, file), layoutChunks(layout));
  const { disk, esp, uefiLoader } = buildBootDisk({ kernel, size: 8 << 20, commandLine: 'quiet' });
  await put('seed.iso', buildBootIso({ kernel, commandLine: 'quiet' }));
  await put('seed.qcow2', encodeQcow2(disk));
  await put('esp.raw', esp);
  await writeFile(join(target, 'seed.elf'), kernel);
  await writeFile(join(target, 'BOOTX64.EFI'), uefiLoader);
  return target;
}

const FILES = {
  iso: 'seed.iso',
  'vm-image': 'seed.qcow2',
  kernel: 'seed.elf',
  'efi-bootloader': 'BOOTX64.EFI',
  'esp-raw': 'esp.raw',
};

async function run(flags: Record<string, string>, { cwd = release, env = {} as NodeJS.ProcessEnv } = {}) {
  const argv = Object.entries({ ...FILES, 'source-commit': '0123abc', ...flags }).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
  let stdout = '';
  let stderr = '';
  const status = await executeLane(lane, {
    argv,
    env,
    cwd,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stderrIsTerminal: () => false,
    signal: new AbortController().signal,
  });
  return { status, stdout, stderr };
}

const relations = (text: string) =>
  (checkSbom(text).document?.relationships ?? []).map(
    ({ spdxElementId, relationshipType, relatedSpdxElement }) =>
      `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`.replaceAll('SPDXRef-', ''),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sbom-lane-'));
  release = await build('own', setBuildId(PREBUILT_PARTS.kernel, 'a-build'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('prints a document that conforms and agrees with the files', async () => {
    const { status, stdout, stderr } = await run({});
    expect([status, stderr]).toEqual([0, '']);
    const check = await checkSbomFiles(stdout, ({ fileName }) =>
      fileName.endsWith('.S') ? undefined : join(release, fileName),
    );
    expect(check.findings).toEqual([]);
    expect(check.unmeasured.every(({ fileName }) => fileName.endsWith('.S'))).toBe(true);
    expect(check.document?.creationInfo.created).toBe('1970-01-01T00:00:00Z');
    expect(check.document?.packages?.map(({ licenseDeclared }) => licenseDeclared)).toEqual([
      'Apache-2.0',
      'Apache-2.0',
    ]);
    for (const image of ['iso', 'vm-image', 'esp-raw']) {
      expect(relations(stdout)).toContain(`File-${image} CONTAINS File-kernel`);
      expect(relations(stdout)).toContain(`File-${image} CONTAINS File-efi-bootloader`);
    }
    expect(relations(stdout)).toContain('File-vm-image CONTAINS File-esp-raw');
    expect(relations(stdout)).toContain('File-kernel GENERATED_FROM Package-latticra-boot-seed-source');
    expect(relations(stdout)).toContain(
      'File-efi-bootloader GENERATED_FROM Package-latticra-boot-seed-source',
    );
  });

  it('gives the same document for the same files in another folder', async () => {
    const again = await build('again', setBuildId(PREBUILT_PARTS.kernel, 'a-build'));
    expect(await run({}, { cwd: again })).toEqual(await run({}));
  });

  it('takes the time from --created, then from SOURCE_DATE_EPOCH', async () => {
    const env = { SOURCE_DATE_EPOCH: '86400' };
    expect((await run({}, { env })).stdout).toContain('"created": "1970-01-02T00:00:00Z"');
    expect((await run({ created: '2026-01-02T03:04:05Z' }, { env })).stdout).toContain(
      '"created": "2026-01-02T03:04:05Z"',
    );
  });

  it('writes --output whole, and nothing to stdout', async () => {
    const { stdout } = await run({});
    expect(await run({ output: '../sbom.spdx.json' })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await readFile(join(folder, 'sbom.spdx.json'), 'utf8')).toBe(stdout);
  });

  it('leaves open where a kernel of somebody else comes from', async () => {
    const foreign = Buffer.from(PREBUILT_PARTS.kernel);
    foreign[foreign.length - 1] = (foreign[foreign.length - 1] ?? 0) ^ 1;
    await writeFile(join(folder, 'foreign.elf'), foreign);
    const { stdout } = await run({ kernel: join(folder, 'foreign.elf') });
    expect(relations(stdout)).not.toContain('File-kernel GENERATED_FROM Package-latticra-boot-seed-source');
    expect(relations(stdout)).not.toContain('File-iso CONTAINS File-kernel');
    expect(checkSbom(stdout).document?.packages?.[0]?.licenseDeclared).toBe('NOASSERTION');
  });

  it.each<[string, number, Record<string, string>, RegExp]>([
    ['a file that is missing', 66, { iso: 'gone.iso' }, /gone\.iso/],
    ['a folder', 65, { kernel: '.' }, /folder/],
    ['a time with an offset', 64, { created: '2026-01-02T03:04:05+00:00' }, /--created/],
    ['one file twice', 65, { 'esp-raw': 'seed.iso' }, /seed\.iso/],
    ['an output folder that is missing', 73, { output: 'none/sbom.spdx.json' }, /none/],
  ])('refuses %s', async (_, expected, flags, reason) => {
    const before = await readdir(release);
    const { status, stdout, stderr } = await run(flags);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(release)).toEqual(before);
  });

  it('does not write over the file that it describes, under whatever name', async () => {
    await link(join(release, 'seed.iso'), join(folder, 'same.iso'));
    const { status, stderr } = await run({ output: join(folder, 'same.iso') });
    expect(status).toBe(64);
    expect(stderr).toContain('--output');
  });
});
