// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BootSeedError } from '../error.js';
import { inTemporaryFolder } from '../temporary.js';
import { type RunTool, runTool } from '../tool.js';
import { PART_NAMES, type SeedParts } from './parts.js';
import { SEED_SOURCES } from './sources.js';

/** The recipe of each part: its source, the width of its first code, and the address it is linked for. */
const RECIPES: Record<
  keyof SeedParts,
  { source: keyof typeof SEED_SOURCES; bits: 32 | 64; address: number }
> = {
  kernel: { source: 'kernel.S', bits: 32, address: 0x100000 },
  masterBoot: { source: 'master-boot.S', bits: 32, address: 0x600 },
  biosLoader: { source: 'bios-loader.S', bits: 32, address: 0x7c00 },
  uefiLoader: { source: 'uefi-loader.S', bits: 64, address: 0 },
};

/** The GNU tools, by path. */
export interface GnuToolchain {
  readonly as: string;
  readonly ld: string;
}

/** The means of the host that {@link assembleSeed} uses; each has a real default. */
export interface AssembleOptions {
  readonly run?: RunTool;
  /** The folder in which the private folder is made. */
  readonly temporaryFolder?: string;
  readonly signal?: AbortSignal;
}

/**
 * Assembles the seed from {@link SEED_SOURCES}, in a private folder that is gone afterwards. The sources hold the
 * headers of their own file formats and are linked flat, so that every recent binutils gives the same bytes.
 * @throws BootSeedError `assembly-failed` with what the tool said
 */
export async function assembleSeed(tools: GnuToolchain, options: AssembleOptions = {}): Promise<SeedParts> {
  return inTemporaryFolder(async (folder) => {
    await Promise.all(
      Object.entries(SEED_SOURCES).map(([name, text]) =>
        writeFile(join(folder, name), text, { mode: 0o600 }),
      ),
    );
    const built = await Promise.all(PART_NAMES.map((name) => assemblePart(name, folder, tools, options)));
    const [kernel, masterBoot, biosLoader, uefiLoader] = built;
    if (!kernel || !masterBoot || !biosLoader || !uefiLoader) {
      throw new BootSeedError('assembly-failed', 'a part of the seed was not built');
    }
    return { kernel, masterBoot, biosLoader, uefiLoader };
  }, options.temporaryFolder);
}

async function assemblePart(
  name: keyof SeedParts,
  cwd: string,
  tools: GnuToolchain,
  options: AssembleOptions,
) {
  const { source, bits, address } = RECIPES[name];
  const run = async (path: string, argv: readonly string[]) => {
    const { code, output } = await (options.run ?? runTool)(path, argv, {
      cwd,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (code !== 0) {
      const reason = output.trim().split('\n').slice(0, 3).join('; ');
      throw new BootSeedError('assembly-failed', `${path} ended with ${code} on ${source}: ${reason}`, {
        fix: 'use the bytes that ship (--toolchain prebuilt), or GNU binutils 2.35 or later for x86',
      });
    }
  };
  const object = `${name}.o`;
  const flat = `${name}.flat`;
  // Without the note that some distributions make their assembler add to every object.
  await run(tools.as, [`--${bits}`, '-mx86-used-note=no', '-o', object, source]);
  const start = `0x${address.toString(16)}`;
  const emulation = bits === 32 ? 'elf_i386' : 'elf_x86_64';
  await run(tools.ld, [
    '-m',
    emulation,
    '--oformat',
    'binary',
    '-Ttext',
    start,
    '-e',
    start,
    '-o',
    flat,
    object,
  ]);
  return new Uint8Array(await readFile(join(cwd, flat)));
}
