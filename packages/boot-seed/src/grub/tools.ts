// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findProgram, requireProgram, ToolchainError } from '@latticra/toolchain';
import { BootSeedError } from '../error.js';
import type { BuildHost } from '../host.js';
import { runTool } from '../tool.js';

/** GRUB's platforms that images start by, as GRUB and its folders call them. */
export const GRUB_PLATFORM = { bios: 'i386-pc', uefi: 'x86_64-efi' } as const;

/** A firmware that GRUB is started by. */
export type GrubFirmware = keyof typeof GRUB_PLATFORM;

/** Debian's package with the images and modules of each platform. */
const PLATFORM_PACKAGE: Record<GrubFirmware, string> = {
  bios: 'grub-pc-bin',
  uefi: 'grub-efi-amd64-bin',
};

/** A file that every build of a platform has, and nothing works without. */
const KERNEL_IMAGE = 'kernel.img';

/** GRUB's tools and those that they start, by path, and what they make images from. */
export interface GrubToolchain {
  readonly mkrescue: string;
  readonly mkstandalone: string;
  readonly mkimage: string;
  readonly xorriso: string;
  readonly mformat: string;
  readonly mcopy: string;
  /** The path of grub-script-check, where it is installed. */
  readonly scriptCheck: string | undefined;
  /** The folder of each platform's images and modules. */
  readonly platforms: Readonly<Record<GrubFirmware, string>>;
  /** The version that grub-mkimage states, such as `2.06-13+deb12u1`. */
  readonly version: string;
}

/**
 * Finds GRUB and all that it needs, and asks for its version.
 * @throws ToolchainError `program-missing` for the first that is not there, with the package to install;
 *   BootSeedError `grub-failed` when grub-mkimage does not say what it is
 */
export async function findGrub(host: BuildHost = {}): Promise<GrubToolchain> {
  const mkrescue = requireProgram('grub-mkrescue', host.env);
  const tools = {
    mkrescue,
    mkstandalone: requireProgram('grub-mkstandalone', host.env),
    mkimage: requireProgram('grub-mkimage', host.env),
    xorriso: requireProgram('xorriso', host.env),
    mformat: requireProgram('mformat', host.env),
    mcopy: requireProgram('mcopy', host.env),
    scriptCheck: findProgram('grub-script-check', host.env),
  };
  // grub-mkrescue takes them from the folder that it was built for, which lies beside its own.
  const library = join(dirname(dirname(await realpath(mkrescue))), 'lib', 'grub');
  const platforms = { bios: requirePlatform('bios', library), uefi: requirePlatform('uefi', library) };
  return { ...tools, platforms, version: await askVersion(tools.mkimage, host) };
}

function requirePlatform(firmware: GrubFirmware, library: string): string {
  const folder = join(library, GRUB_PLATFORM[firmware]);
  if (statSync(join(folder, KERNEL_IMAGE), { throwIfNoEntry: false })?.isFile()) return folder;
  throw new ToolchainError(
    'program-missing',
    `${folder}: GRUB's images and modules for ${GRUB_PLATFORM[firmware]} are not there`,
    { fix: `install ${PLATFORM_PACKAGE[firmware]}` },
  );
}

async function askVersion(mkimage: string, host: BuildHost): Promise<string> {
  const { code, output } = await (host.run ?? runTool)(mkimage, ['--version'], {
    cwd: '/',
    ...(host.signal && { signal: host.signal }),
  });
  const version = /\(GRUB\) ([0-9][\w.+~:-]*)\s*$/.exec(output)?.[1];
  if (code === 0 && version !== undefined) return version;
  throw new BootSeedError('grub-failed', `${mkimage} --version ended with ${code}: ${output.trim()}`, {
    fix: 'reinstall grub-common',
  });
}
