// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { linkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSeed } from '../build/seed.js';
import { buildVmImage } from '../build/vm-image.js';
import { makeKernel } from '../testing/make-kernel.js';
import { SEED_RECORD_FILE } from './names.js';
import { type SeedRecordLabels, writeSeedRecord, writeVmImageRecord } from './record.js';
import { seedBuildRecord } from './schema.js';
import { validateSeedBuild } from './validate.js';

const env = { PATH: '' };
const LABELS: SeedRecordLabels = {
  sourceCommit: 'c'.repeat(40),
  sourceTag: 'v1',
  sourceTagObject: 'd'.repeat(40),
  buildEnvironment: 'a test',
  tool: { name: 'a-builder', version: '1.2.3' },
  outputDir: 'out',
  kernel: undefined,
  grubConfig: undefined,
};
const KERNEL = 'out/latticra-boot-seed.elf';

let base: string;
let cwd: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'seed-record-'));
  const outputDir = join(base, 'out');
  const seed = await buildSeed({ outputDir, env, epoch: 1_700_000_000, buildId: 'one' });
  await writeSeedRecord(seed, LABELS);
  const kernel = join(base, KERNEL);
  const disk = await buildVmImage({ kernel, outputDir, env, imageSizeMib: 8 });
  await writeVmImageRecord(disk, { ...LABELS, kernel: KERNEL });
});
beforeEach(async () => {
  cwd = join(base, 'work');
  await rm(cwd, { recursive: true, force: true });
  await cp(join(base, 'out'), join(cwd, 'out'), { recursive: true });
});
afterAll(() => rm(base, { recursive: true, force: true }));

const at = (name: string) => join(cwd, 'out', name);
const validate = (name: string = SEED_RECORD_FILE.iso, inputs = false) =>
  validateSeedBuild({
    path: `out/${name}`,
    resolvedPath: at(name),
    inputsFrom: inputs ? cwd : undefined,
    env,
  });
const refusal = (message: RegExp, code = 'record-differs') =>
  expect.objectContaining({
    name: 'BootSeedError',
    code,
    kind: 'data',
    message: expect.stringMatching(message),
    fix: expect.stringMatching(/\w/),
  });

it('a record is of the bytes that its build wrote, although another build replaced the image since', async () => {
  const outputDir = join(cwd, 'again');
  const seed = await buildSeed({ outputDir, env, buildId: 'mine' });
  const kernel = seed.kernel.path;
  const disk = await buildVmImage({ kernel, outputDir, env, imageSizeMib: 8 });
  for (const { path } of [seed.iso, disk.qcow2]) writeFileSync(path, 'another one');
  const written = [await writeSeedRecord(seed, LABELS), await writeVmImageRecord(disk, LABELS)];
  expect(written.map(({ record }) => record.iso?.sha256 ?? record.vmImage?.sha256)).toEqual([
    seed.iso.sha256,
    disk.qcow2.sha256,
  ]);
  expect(written[0]?.record.parts.uefiLoader).toBe(written[1]?.record.parts.uefiLoader);
});

function edit(name: string, from: string | RegExp, to: string): void {
  const text = readFileSync(at(name), 'utf8');
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  writeFileSync(at(name), edited);
}

/** Flips a bit of a file, and gives the record its new digest, as somebody would who passes it off for a build. */
function forge(record: string, name: string, byte: number): void {
  const bytes = readFileSync(at(name));
  const sum = () => createHash('sha256').update(bytes).digest('hex');
  const before = sum();
  bytes.writeUInt8(bytes.readUInt8(byte) ^ 1, byte);
  writeFileSync(at(name), bytes);
  edit(record, new RegExp(before, 'g'), sum());
}

describe('validateSeedBuild', () => {
  it('a build whose images are what its command makes is valid, also with its inputs', async () => {
    const iso = await validate();
    expect(iso.record).toMatchObject({ buildId: 'one', bootloader: 'latticra', sourceTag: 'v1' });
    expect(iso.inputsMeasured).toBe(false);
    const text = readFileSync(at(SEED_RECORD_FILE.iso), 'utf8');
    expect(iso.sha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect(text).toContain(
      "iso_build_command=env 'SOURCE_DATE_EPOCH=1700000000' latticra-boot-seed-build --bootloader latticra",
    );
    expect(text).toContain('\nvm_image_build_command=none\n');
    expect(text).toContain('\ninitramfs_recorded=0\n');
    const disk = await validate(SEED_RECORD_FILE.vmImage, true);
    expect(disk).toMatchObject({ inputsMeasured: true, record: { imageSizeMib: 8, iso: undefined } });
    expect(disk.record.kernel).toEqual(iso.record.kernel);
    expect(disk.record.parts.uefiLoader).toBe(iso.record.parts.uefiLoader);
    expect(disk.record.parts.uefiLoader).toBe(disk.record.efiFile?.sha256);
  });

  it('a build around a kernel of another system is valid, and refused once the input is another', async () => {
    writeFileSync(join(cwd, 'mine.elf'), makeKernel());
    const built = await buildSeed({ outputDir: join(cwd, 'out'), kernel: join(cwd, 'mine.elf'), env });
    await writeSeedRecord(built, { ...LABELS, kernel: 'mine.elf' });
    expect((await validate(SEED_RECORD_FILE.iso, true)).record.kernelInput?.path).toBe('mine.elf');
    // Whoever says that it is the seed's own kernel is not believed.
    const record = seedBuildRecord.parse(readFileSync(at(SEED_RECORD_FILE.iso)));
    writeFileSync(join(cwd, 'mine.elf'), 'another');
    await expect(validate(SEED_RECORD_FILE.iso, true)).rejects.toEqual(
      refusal(/^mine\.elf: sha256:/, 'input-differs'),
    );
    writeFileSync(at(SEED_RECORD_FILE.iso), seedBuildRecord.format({ ...record, kernelInput: undefined }));
    await expect(validate()).rejects.toEqual(
      refusal(/the kernel in its image is not the one/, 'not-repeated'),
    );
  });

  it.each([
    [
      'the epoch',
      SEED_RECORD_FILE.iso,
      /1700000000/g,
      '1700000001',
      'not-repeated',
      /iso: the command in its record/,
    ],
    [
      'the build id',
      SEED_RECORD_FILE.iso,
      /\bone\b/g,
      'two',
      'record-differs',
      /build id of its kernel is one/,
    ],
    ['the size', SEED_RECORD_FILE.vmImage, /(mib[= ])8\b/g, '$19', 'not-repeated', /gives another byte/],
    [
      'its machine code',
      SEED_RECORD_FILE.iso,
      /machine_code_sha256=sha256:..../,
      'machine_code_sha256=sha256:0000',
      'not-repeated',
      /not that of this version/,
    ],
    [
      'its kernel',
      SEED_RECORD_FILE.iso,
      /(kernel_image_sha256=sha256:)..../,
      '$10000',
      'record-differs',
      /digest of its kernel/,
    ],
    [
      'a loader',
      SEED_RECORD_FILE.vmImage,
      /(bios_loader_sha256=sha256:)..../,
      '$10000',
      'record-differs',
      /digest of its BIOS loader/,
    ],
    [
      'its command',
      SEED_RECORD_FILE.iso,
      /--build-id one/,
      '--build-id two',
      'record-differs',
      /iso_build_command/,
    ],
    [
      'a claim',
      SEED_RECORD_FILE.iso,
      'bootable_os_ready=0',
      'bootable_os_ready=1',
      'record-differs',
      /bootable_os_ready/,
    ],
    ['a name', SEED_RECORD_FILE.iso, /iso_path=/, 'iso_path=../', 'record-differs', /names the file \.\.\//],
    [
      'its loader',
      SEED_RECORD_FILE.iso,
      /(bootloader[= ])latticra\b/g,
      '$1grub',
      'record-differs',
      /grub_version/,
    ],
    [
      'the tag object',
      SEED_RECORD_FILE.iso,
      /tag_object=d+/,
      'tag_object=none',
      'record-differs',
      /without a tag/,
    ],
  ] as const)('a record that was changed in %s is refused', async (_, name, from, to, code, message) => {
    edit(name, from, to);
    await expect(validate(name)).rejects.toEqual(refusal(message, code));
  });

  it('a file of a build with one bit changed is refused wherever it is, also when the record has its digest', async () => {
    const rows = [
      [SEED_RECORD_FILE.iso, 'latticra-boot-seed.iso'],
      [SEED_RECORD_FILE.iso, 'latticra-boot-seed.elf'],
      [SEED_RECORD_FILE.vmImage, 'latticra-boot-seed.qcow2'],
      [SEED_RECORD_FILE.vmImage, 'BOOTX64.EFI'],
    ] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...rows), fc.nat(), async ([record, name], seed) => {
        await cp(join(base, 'out'), join(cwd, 'out'), { recursive: true, force: true });
        forge(record, name, seed % readFileSync(at(name)).length);
        await expect(validate(record)).rejects.toMatchObject({ name: 'BootSeedError', kind: 'data' });
      }),
      { numRuns: 12 },
    );
  });

  it('a file that is missing, a link or another name of a file is no file of a build', async () => {
    const iso = at('latticra-boot-seed.iso');
    rmSync(iso);
    await expect(validate()).rejects.toMatchObject({ code: 'not-found' });
    symlinkSync(join(base, 'out', 'latticra-boot-seed.iso'), iso);
    await expect(validate()).rejects.toMatchObject({ code: 'not-regular' });
    rmSync(iso);
    linkSync(at('latticra-boot-seed.elf'), iso);
    await expect(validate()).rejects.toMatchObject({ code: 'hard-linked' });
  });

  it('an image that cannot be taken apart is refused by what is wrong with it', async () => {
    writeFileSync(at('latticra-boot-seed.iso'), 'no ISO');
    await expect(validate()).rejects.toEqual(refusal(/^latticra-boot-seed\.iso: /));
    writeFileSync(at(SEED_RECORD_FILE.iso), 'no record');
    await expect(validate()).rejects.toEqual(refusal(/^boot-seed-build-record\.txt: /));
  });
});
