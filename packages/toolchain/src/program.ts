// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { ToolchainError } from './error.js';

/** The part of a process environment that a search looks at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Packages that do not share their program's name: Debian's, and Homebrew's where there is one. */
const PACKAGE: Readonly<Record<string, PackageNames>> = {
  'qemu-system-x86_64': { debian: 'qemu-system-x86', homebrew: 'qemu' },
  'qemu-img': { debian: 'qemu-utils', homebrew: 'qemu' },
  'grub-mkrescue': { debian: 'grub-common' },
  'grub-mkstandalone': { debian: 'grub-common' },
  'grub-mkimage': { debian: 'grub-common' },
  'grub-file': { debian: 'grub-common' },
  mformat: { debian: 'mtools' },
  mcopy: { debian: 'mtools' },
  as: { debian: 'binutils' },
  ld: { debian: 'binutils' },
  'ssh-keygen': { debian: 'openssh-client' },
};

/** The names of a package. */
export interface PackageNames {
  readonly debian: string;
  readonly homebrew?: string;
}

/** Returns the packages that a program comes in; where nothing else is known, they are called as it is. */
export function packagesOf(program: string): PackageNames {
  return PACKAGE[program] ?? { debian: program };
}

function isProgram(path: string): boolean {
  try {
    // Most folders of PATH do not have it: to ask for that alone costs least.
    if (!existsSync(path) || !statSync(path).isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the path that running `name` would start, or undefined. Nothing is run.
 * Only absolute folders of PATH count: with an empty or relative entry the answer, and the program that is then
 * started, would depend on the current folder. A folder that cannot be read counts as empty.
 * @param name a bare program name, or an absolute path, which is checked as it stands
 */
export function findProgram(name: string, env: Environment = process.env): string | undefined {
  if (isAbsolute(name)) return isProgram(name) ? name : undefined;
  if (name === '' || /[/\0]/.test(name)) return undefined;
  const folder = (env.PATH ?? '')
    .split(delimiter)
    .find((entry) => isAbsolute(entry) && isProgram(`${entry}/${name}`));
  return folder === undefined ? undefined : join(folder, name);
}

/**
 * Finds a program as {@link findProgram} does, and refuses where there is none. @throws ToolchainError
 * `program-missing`
 */
export function requireProgram(name: string, env: Environment = process.env): string {
  const path = findProgram(name, env);
  if (path !== undefined) return path;
  const { debian, homebrew } = packagesOf(name);
  throw new ToolchainError('program-missing', `${name}: no such program on PATH`, {
    fix: `install ${debian}${homebrew === undefined ? '' : ` (Homebrew: ${homebrew})`}`,
  });
}
