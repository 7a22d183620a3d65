// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { findProgram, requireProgram } from '@latticra/toolchain';
import { BootSeedError } from '../error.js';
import type { BuildHost } from '../host.js';
import { assembleSeed } from '../seed/assemble.js';
import { PREBUILT_PARTS, type SeedParts, sumParts } from '../seed/parts.js';
import { inTemporaryFolder } from '../temporary.js';
import { runTool } from '../tool.js';

/**
 * The source of the seed's machine code: `prebuilt`, the bytes that ship; `gnu`, the sources by way of GNU as and ld;
 * `auto`, the bytes that ship, compared with the sources where as and ld are here and can assemble them.
 */
export type ToolchainChoice = 'auto' | 'prebuilt' | 'gnu';

/** The boot loader that starts the kernel. */
export type BootloaderChoice = 'latticra' | 'grub';

/** Machine code, and how it was made. */
export interface ResolvedParts {
  readonly parts: SeedParts;
  readonly toolchain: 'embedded' | 'gnu';
  /** Paths of the tools, where they were used. */
  readonly as: string | undefined;
  readonly ld: string | undefined;
  /** Whether rebuilding from source gave the bytes that ship; undefined where nobody rebuilt. */
  readonly rebuiltMatches: boolean | undefined;
}

/**
 * Returns the seed's machine code: the bytes that ship, or those that the sources assemble to, as was chosen.
 * @throws ToolchainError `program-missing` and BootSeedError `assembly-failed`, for `gnu` only
 */
export async function resolveParts(choice: ToolchainChoice, host: BuildHost = {}): Promise<ResolvedParts> {
  if (choice === 'gnu') {
    const tools = { as: requireProgram('as', host.env), ld: requireProgram('ld', host.env) };
    const parts = await assembleSeed(tools, host);
    return { parts, toolchain: 'gnu', ...tools, rebuiltMatches: isPrebuilt(parts) };
  }
  const shipped = { parts: PREBUILT_PARTS, toolchain: 'embedded' } as const;
  const [as, ld] = choice === 'auto' ? [findProgram('as', host.env), findProgram('ld', host.env)] : [];
  if (as !== undefined && ld !== undefined) {
    try {
      const rebuiltMatches = isPrebuilt(await assembleSeed({ as, ld }, host));
      return { ...shipped, as, ld, rebuiltMatches };
    } catch (error) {
      // Tools of these names need not be GNU's, nor for this machine; then there is nothing to compare.
      const isForeign = error instanceof BootSeedError && error.code === 'assembly-failed';
      if (!isForeign || host.signal?.aborted) throw error;
    }
  }
  return { ...shipped, as: undefined, ld: undefined, rebuiltMatches: undefined };
}

const isPrebuilt = (parts: SeedParts) => sumParts(parts) === sumParts(PREBUILT_PARTS);

/**
 * Refuses a path that a report could not hold, before anything is written.
 * @throws BootSeedError `bad-path`
 */
export function assertReportable(...paths: (string | undefined)[]): void {
  for (const path of paths) {
    if (path === undefined || isPlainText(path)) continue;
    throw new BootSeedError(
      'bad-path',
      `${quoteText(path)}: expected a path without control or invisible characters`,
    );
  }
}

/**
 * Asks grub-file, where it is installed, whether it too takes the kernel for a Multiboot 2 kernel.
 * @returns the path of grub-file, or undefined where there is none
 * @throws BootSeedError `kernel-not-multiboot2` when it does not
 */
export async function askGrubFile(kernel: Uint8Array, host: BuildHost = {}): Promise<string | undefined> {
  const path = findProgram('grub-file', host.env);
  if (path === undefined) return undefined;
  return inTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'kernel'), kernel, { mode: 0o600 });
    const { code, output } = await (host.run ?? runTool)(path, ['--is-x86-multiboot2', 'kernel'], {
      cwd,
      ...(host.signal ? { signal: host.signal } : {}),
    });
    if (code === 0) return path;
    throw new BootSeedError(
      'kernel-not-multiboot2',
      `grub-file does not take the kernel for Multiboot 2: it ended with ${code} ${output.trim()}`.trim(),
    );
  });
}
