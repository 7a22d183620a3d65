// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ToolchainError } from '../error.js';
import { type Descriptor, readDescriptors } from './descriptor.js';
import { fileSize, readPair, type UefiFirmware } from './flash.js';
import { type FirmwareRoots, firmwareRoots } from './roots.js';

/** Returns the names under which the variable store of `code` may lie beside it, the likeliest first. */
function varsNames(code: string): string[] {
  const name = basename(code);
  const same = name.replace(/code/i, (word) => (word === 'code' ? 'vars' : 'VARS'));
  if (same === name) return [];
  // OVMF_CODE_4M.secboot.fd shares OVMF_VARS_4M.fd; QEMU's own edk2-x86_64-code.fd has edk2-i386-vars.fd.
  const plain = same.replace(/\.(secboot|ms|snakeoil)(?=\.)/, '');
  return [...new Set([same, plain, ...(name.startsWith('edk2-') ? ['edk2-i386-vars.fd'] : [])])];
}

function sameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

function describedAs(code: string, descriptors: readonly Descriptor[]): Descriptor | undefined {
  const named = (same: (filename: string) => boolean) =>
    descriptors.find(({ mapping }) => mapping.executable !== undefined && same(mapping.executable.filename));
  // By name first: several names may lead to one file, each with a variable store of its own.
  return named((filename) => filename === code) ?? named((filename) => sameFile(filename, code));
}

/**
 * Finds the variable store that belongs to a UEFI code file, by QEMU's descriptors, or by its name beside it.
 * @throws ToolchainError `firmware-not-found`, `firmware-unpaired`, `firmware-unreadable`, `firmware-mismatched`, `bad-descriptor`
 */
export function pairFirmware(code: string, roots: FirmwareRoots = firmwareRoots()): UefiFirmware {
  if (fileSize(code) === undefined) {
    throw new ToolchainError('firmware-not-found', `${code}: no such firmware file`);
  }
  const descriptor = describedAs(code, readDescriptors(roots.descriptorFolders));
  const vars =
    descriptor?.mapping['nvram-template']?.filename ??
    varsNames(code)
      .map((name) => join(dirname(code), name))
      .find((path) => fileSize(path) !== undefined);
  if (vars === undefined) {
    throw new ToolchainError('firmware-unpaired', `${code}: its variable store was not found`, {
      fix: 'put the VARS file that came with it beside it, named like it with VARS for CODE',
    });
  }
  const pair = readPair(code, vars);
  const requiresSmm =
    descriptor?.features.includes('requires-smm') ?? /secboot|secure|\.ms\.|snakeoil/i.test(basename(code));
  return { ...pair, requiresSmm };
}
