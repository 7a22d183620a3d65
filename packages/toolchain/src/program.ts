// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { ToolchainError } from './error.js';

/** The part of a process environment that a search looks at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where Debian and Homebrew keep the programs that do not share their package's name. */
const PACKAGE: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86 (Homebrew: qemu)',
  'qemu-img': 'qemu-utils (Homebrew: qemu)',
  'grub-mkrescue': 'grub-common',
  'grub-mkstandalone': 'grub-common',
  'grub-mkimage': 'grub-common',
  'grub-file': 'grub-common',
  mformat: 'mtools',
  mcopy: 'mtools',
  as: 'binutils',
  ld: 'binutils',
  'ssh-keygen': 'openssh-client',
};

function isProgram(path: string): boolean {
  try {
    // Most folders of PATH do not have it: an answer costs less than an exception.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
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
  throw new ToolchainError('program-missing', `${name}: no such program on PATH`, {
    fix: `install ${PACKAGE[name] ?? name}`,
  });
}
