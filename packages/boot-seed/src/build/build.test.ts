// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDocument } from '@latticra/evidence-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { makeKernel } from '../testing/make-kernel.js';
import type { RunTool } from '../tool.js';
import { seedBuildDocument, vmImageBuildDocument } from './document.js';
import { type BuildSeedOptions, buildSeed, SEED_FILE } from './seed.js';
import { buildVmImage, VM_IMAGE_FILE } from './vm-image.js';

/** Nothing on PATH: what these tests find does not depend on the machine. */
const env = { PATH: '' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-build-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The record of a build, which this test has none of. */
const RECORD = { path: 'record.txt', sha256: '0'.repeat(64) };

const valuesOf = (document: Parameters<typeof formatDocument>[0]) =>
  Object.fromEntries(document.fields.map(({ key, value }) => [key, value]));
const build = (options: Partial<BuildSeedOptions> = {}) =>
  buildSeed({ outputDir: join(folder, 'out'), env, ...options });

/** Puts files of these names on a PATH, as if the programs were installed; none is ever run. */
async function pretend(...names: string[]): Promise<{ PATH: string }> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await Promise.all(names.map((name) => writeFile(join(bin, name), '', { mode: 0o755 })));
  return { PATH: bin };
}

describe('buildSeed', () => {
  it('the seed build writes kernel and ISO, and reports what it wrote', async () => {
    const built = await build({ buildId: 'unit.1' });
    const values = valuesOf(seedBuildDocument(built, RECORD));
    expect(await readdir(join(folder, 'out'))).toEqual([SEED_FILE.kernel, SEED_FILE.iso]);
    expect(readBuildId(await readFile(built.kernel.path))).toBe('unit.1');
    expect((await stat(built.iso.path)).size).toBeLessThanOrEqual(2 << 20);
    expect(values).toMatchObject({
      build_status: 'ok',
      boot_seed_toolchain: 'embedded',
      boot_seed_rebuilt_from_source_matches: 'not-checked',
      boot_seed_kernel_sha256: `sha256:${built.kernel.sha256}`,
      boot_seed_iso_sha256: `sha256:${built.iso.sha256}`,
      boot_seed_kernel_multiboot2_verified: '1',
      boot_seed_serial_sentinel: 'LATTICRA_BOOT_SEED_OK',
      boot_seed_build_id: 'unit.1',
      grub_file_path: 'not-required',
      source_date_epoch: '0',
      bootable_os_ready: '0',
      usb_write_executed: '0',
    });
    expect(formatDocument(seedBuildDocument(built, RECORD))).toMatch(/^LATTICRA BOOT SEED BUILD\n/);
  });

  it('the seed build names itself after the seed when it is given no build id', async () => {
    expect((await build()).buildId).toMatch(/^seed-[0-9a-f]{16}$/);
  });

  it('the seed build gives the same bytes in another folder, time zone and umask', async () => {
    const first = await build();
    const { TZ } = process.env;
    const umask = process.umask(0o077);
    process.env.TZ = 'Pacific/Kiritimati';
    try {
      const second = await build({ outputDir: join(folder, 'elsewhere') });
      expect([second.kernel.sha256, second.iso.sha256]).toEqual([first.kernel.sha256, first.iso.sha256]);
    } finally {
      process.umask(umask);
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('the seed build takes a foreign kernel as it is', async () => {
    const kernel = join(folder, 'kernel');
    await writeFile(kernel, makeKernel());
    const values = valuesOf(seedBuildDocument(await build({ kernel }), RECORD));
    expect(values).toMatchObject({ boot_seed_kernel_source: kernel, boot_seed_build_id: 'none' });
    await expect(build({ kernel, buildId: 'x' })).rejects.toMatchObject({ code: 'no-slot', kind: 'data' });
  });

  it('what is no Multiboot kernel is refused by what it is, with what helps', async () => {
    const linux = new Uint8Array(4096);
    linux.set([0x55, 0xaa], 0x1fe);
    linux.set(Buffer.from('HdrS'), 0x202);
    linux.set([0x0f, 0x02], 0x206);
    for (const [bytes, message, fix] of [
      [Buffer.from('fd377a585a000004e6d6b446', 'hex'), 'found xz data', /^decompress it with xz -d$/],
      [Buffer.from('a kernel\n'), 'found text', /./],
      [linux, 'found a Linux kernel; the boot seed', /latticra-os-image-build-preflight/],
    ] as const) {
      const kernel = join(folder, 'kernel');
      await writeFile(kernel, bytes);
      const refusal = build({ kernel });
      await expect(refusal).rejects.toMatchObject({ code: 'kernel-not-elf', kind: 'data' });
      await expect(refusal).rejects.toThrow(`${kernel}: ${message}`);
      if (message !== 'found text')
        await expect(refusal).rejects.toThrow(expect.objectContaining({ fix: expect.stringMatching(fix) }));
    }
  });

  it('the seed build keeps the build id of a seed kernel, or replaces it', async () => {
    const kernel = (await build({ buildId: 'one' })).kernel.path;
    expect((await build({ kernel, outputDir: join(folder, 'two') })).buildId).toBe('one');
    expect((await build({ kernel, outputDir: join(folder, 'two'), buildId: 'two' })).buildId).toBe('two');
  });

  it('the seed build writes nothing when it refuses', async () => {
    const kernel = join(folder, 'kernel');
    await writeFile(kernel, makeKernel({ tags: [{ type: 5 }] }));
    await expect(build({ kernel })).rejects.toMatchObject({ code: 'kernel-wants-framebuffer', kind: 'data' });
    await expect(build({ bootloader: 'grub' })).rejects.toMatchObject({
      code: 'program-missing',
      kind: 'tool-missing',
      fix: 'install grub-common',
    });
    await expect(build({ toolchain: 'gnu' })).rejects.toMatchObject({
      code: 'program-missing',
      kind: 'tool-missing',
    });
    await expect(build({ buildId: 'a b' })).rejects.toMatchObject({ code: 'bad-build-id', kind: 'usage' });
    await expect(build({ outputDir: join(folder, 'a\nb=1') })).rejects.toMatchObject({
      code: 'bad-path',
      kind: 'data',
    });
    await expect(build({ kernel: join(folder, 'none') })).rejects.toMatchObject({ kind: 'input-missing' });
    expect(await readdir(folder)).toEqual(['kernel']);
  });

  it('the seed build writes nothing once it was interrupted', async () => {
    await expect(build({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    const controller = new AbortController();
    const run: RunTool = async () => {
      controller.abort();
      return { code: null, output: '' };
    };
    const env = await pretend('as', 'ld');
    await expect(build({ env, run, signal: controller.signal })).rejects.toMatchObject({
      code: 'assembly-failed',
    });
    expect(await readdir(folder)).toEqual(['bin']);
  });

  it('the seed build asks grub-file where it is installed, and believes it', async () => {
    const host = { env: await pretend('grub-file') };
    const agrees: RunTool = async () => ({ code: 0, output: '' });
    const built = await build({ ...host, run: agrees });
    expect(built.grubFile).toBe(join(folder, 'bin', 'grub-file'));
    const refuses: RunTool = async () => ({ code: 1, output: '' });
    await expect(build({ ...host, run: refuses })).rejects.toMatchObject({
      code: 'kernel-not-multiboot2',
    });
  });

  it('the seed build says when the sources assemble to something else, and still ships the prebuilt parts', async () => {
    const host = { env: await pretend('as', 'ld') };
    const other: RunTool = async (_, argv, { cwd }) => {
      await writeFile(join(cwd, argv[argv.indexOf('-o') + 1] ?? ''), 'other');
      return { code: 0, output: '' };
    };
    const built = await build({ ...host, run: other, toolchain: 'auto' });
    expect(valuesOf(seedBuildDocument(built, RECORD)).boot_seed_rebuilt_from_source_matches).toBe('0');
    expect(built.kernel.size).toBe(PREBUILT_PARTS.kernel.length);
  });

  it('the seed build compares nothing where the as or ld on PATH is not the GNU one', async () => {
    const host = { env: await pretend('as', 'ld') };
    const foreign: RunTool = async () => ({ code: 1, output: 'unknown option' });
    const built = await build({ ...host, run: foreign, toolchain: 'auto' });
    expect(valuesOf(seedBuildDocument(built, RECORD))).toMatchObject({
      boot_seed_rebuilt_from_source_matches: 'not-checked',
      as_path: 'not-required',
    });
    await expect(build({ ...host, run: foreign, toolchain: 'gnu' })).rejects.toMatchObject({
      code: 'assembly-failed',
    });
  });
});

describe('buildVmImage', () => {
  it('the VM image build writes loader, partition and disk, and reports what it wrote', async () => {
    const seed = await build({ buildId: 'unit.2' });
    const outputDir = join(folder, 'vm');
    const built = await buildVmImage({ kernel: seed.kernel.path, outputDir, env });
    expect((await readdir(outputDir)).sort()).toEqual(Object.values(VM_IMAGE_FILE).sort());
    expect((await stat(built.qcow2.path)).size).toBeLessThanOrEqual(2 << 20);
    expect(valuesOf(vmImageBuildDocument(built, RECORD))).toMatchObject({
      boot_seed_kernel_sha256: `sha256:${seed.kernel.sha256}`,
      boot_seed_efi_bootloader_sha256: `sha256:${built.uefiLoader.sha256}`,
      boot_seed_esp_raw_sha256: `sha256:${built.esp.sha256}`,
      boot_seed_vm_qcow2_sha256: `sha256:${built.qcow2.sha256}`,
      boot_seed_vm_qcow2_artifact_created_by_build: '1',
      boot_seed_vm_qcow2_artifact_present: '0',
      boot_seed_build_id: 'unit.2',
      full_os_install_ready: '0',
    });
  });

  it('the VM image build writes nothing when it refuses', async () => {
    const kernel = join(folder, 'kernel');
    await writeFile(kernel, makeKernel({ machine: 40 }));
    const outputDir = join(folder, 'vm');
    await expect(buildVmImage({ kernel, outputDir, env })).rejects.toMatchObject({
      code: 'kernel-other-architecture',
    });
    await expect(buildVmImage({ kernel: folder, outputDir, env })).rejects.toMatchObject({ kind: 'data' });
    await writeFile(kernel, makeKernel());
    const withGrub = { kernel, outputDir, env, bootloader: 'grub' } as const;
    await expect(buildVmImage(withGrub)).rejects.toMatchObject({ kind: 'tool-missing' });
    await expect(buildVmImage({ ...withGrub, grubConfig: kernel })).rejects.toMatchObject({
      code: 'bad-grub-config',
      kind: 'data',
    });
    expect(await readdir(folder)).toEqual(['kernel']);
  });
});
