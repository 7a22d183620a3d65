// SPDX-License-Identifier: Apache-2.0
import { link, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BootloaderChoice,
  buildSeed,
  buildVmImage,
  findGrub,
  PREBUILT_PARTS,
  SEED_FILE,
  VM_IMAGE_FILE,
} from '@latticra/boot-seed';
import { checkSbom, checkSbomFiles } from '@latticra/sbom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GRUB_TOOLS } from '../../../tools/testing/grub.js';
import { tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

let folder: string;
let release: string;

/** Builds a release with the seed's own kernel into a folder of its own. */
async function build(name: string, bootloader: BootloaderChoice = 'latticra'): Promise<string> {
  const outputDir = join(folder, name);
  const how = { outputDir, bootloader, env: bootloader === 'grub' ? process.env : { PATH: '' } };
  await buildSeed({ ...how, toolchain: 'prebuilt', buildId: 'a-build' });
  await buildVmImage({ ...how, kernel: join(outputDir, SEED_FILE.kernel), imageSizeMib: 8 });
  return outputDir;
}

const FILES = {
  iso: SEED_FILE.iso,
  'vm-image': VM_IMAGE_FILE.qcow2,
  kernel: SEED_FILE.kernel,
  'efi-bootloader': VM_IMAGE_FILE.uefiLoader,
  'esp-raw': VM_IMAGE_FILE.esp,
};

function run(flags: Record<string, string>, { cwd = release, env = {} as NodeJS.ProcessEnv } = {}) {
  const given = Object.entries({ ...FILES, 'source-commit': '0123abc', ...flags });
  return tryLane(
    lane,
    given.flatMap(([name, value]) => [`--${name}`, value]),
    { cwd, env },
  );
}

const relations = (text: string) =>
  (checkSbom(text).document?.relationships ?? []).map(
    ({ spdxElementId, relationshipType, relatedSpdxElement }) =>
      `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`.replaceAll('SPDXRef-', ''),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sbom-lane-'));
  release = await build('own');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe(lane.bin, () => {
  itWith(
    GRUB_TOOLS,
    'the SBOM lists GRUB where GRUB starts the kernel, and does not take its loader for ours',
    async () => {
      const { status, stdout } = await run({}, { cwd: await build('grub', 'grub') });
      expect(status).toBe(0);
      const { findings, document } = checkSbom(stdout);
      expect(findings).toEqual([]);
      const grub = document?.packages?.filter(({ name }) => name === 'grub') ?? [];
      expect(grub.map(({ versionInfo }) => versionInfo)).toEqual([(await findGrub()).version]);
      expect(grub.map(({ licenseDeclared }) => licenseDeclared)).toEqual(['GPL-3.0-or-later']);
      const id = grub[0]?.SPDXID.replace('SPDXRef-', '');
      for (const image of ['iso', 'vm-image', 'esp-raw']) {
        expect(relations(stdout)).toContain(`File-${image} CONTAINS ${id}`);
        expect(relations(stdout)).toContain(`File-${image} CONTAINS File-kernel`);
      }
      expect(relations(stdout)).toContain(`File-efi-bootloader GENERATED_FROM ${id}`);
      expect(relations(stdout)).not.toContain(
        'File-efi-bootloader GENERATED_FROM Package-latticra-boot-seed-source',
      );
    },
  );

  it('the SBOM lane prints a document that conforms and agrees with the files', async () => {
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

  it('the SBOM lane gives the same document for the same files in another folder', async () => {
    const again = await build('again');
    expect(await run({}, { cwd: again })).toEqual(await run({}));
  });

  it('the SBOM lane takes the time from --created, then from SOURCE_DATE_EPOCH', async () => {
    const env = { SOURCE_DATE_EPOCH: '86400' };
    expect((await run({}, { env })).stdout).toContain('"created": "1970-01-02T00:00:00Z"');
    expect((await run({ created: '2026-01-02T03:04:05Z' }, { env })).stdout).toContain(
      '"created": "2026-01-02T03:04:05Z"',
    );
  });

  it('the SBOM lane writes --output whole, and nothing to stdout', async () => {
    const { stdout } = await run({});
    expect(await run({ output: '../sbom.spdx.json' })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await readFile(join(folder, 'sbom.spdx.json'), 'utf8')).toBe(stdout);
  });

  it('the SBOM leaves open where a kernel of somebody else comes from', async () => {
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
    ['one file twice', 65, { 'esp-raw': SEED_FILE.iso }, /latticra-boot-seed\.iso/],
    ['an output folder that is missing', 73, { output: 'none/sbom.spdx.json' }, /none/],
  ])('the SBOM lane refuses %s', async (_, expected, flags, reason) => {
    const before = await readdir(release);
    const { status, stdout, stderr } = await run(flags);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(release)).toEqual(before);
  });

  it('the SBOM lane does not write over the file that it describes, under whatever name', async () => {
    await link(join(release, SEED_FILE.iso), join(folder, 'same.iso'));
    const { status, stderr } = await run({ output: join(folder, 'same.iso') });
    expect(status).toBe(64);
    expect(stderr).toContain('--output');
  });
});
