// SPDX-License-Identifier: Apache-2.0
import { ToolchainError } from '../error.js';
import { type Descriptor, readDescriptors } from './descriptor.js';
import { fileSize, readPair, type UefiFirmware } from './flash.js';
import { descriptorMatches, type FirmwareRequest } from './match.js';
import { type FirmwareRoots, firmwareRoots } from './roots.js';

/**
 * Finds the installed UEFI firmware that QEMU's descriptors recommend for the request, a raw one before one in qcow2
 * files, else one from the known places.
 * @throws ToolchainError `firmware-missing`, `firmware-unreadable`, `firmware-mismatched`, `bad-descriptor`
 */
export function findFirmware(request: FirmwareRequest, roots: FirmwareRoots = firmwareRoots()): UefiFirmware {
  const described = readDescriptors(roots.descriptorFolders)
    .filter((descriptor) => descriptorMatches(descriptor, request))
    .sort((a, b) => Number(isRaw(b)) - Number(isRaw(a)))
    .map(({ mapping, features }) => ({
      code: mapping.executable?.filename ?? '',
      vars: mapping['nvram-template']?.filename ?? '',
      requiresSmm: features.includes('requires-smm'),
    }));
  // The files in the known places verify no signatures.
  const known = (request.secureBoot === true ? [] : roots.uefiPairs).map(([code, vars]) => ({
    code,
    vars,
    requiresSmm: false,
  }));
  const found = [...described, ...known].find(
    ({ code, vars }) => fileSize(code) !== undefined && fileSize(vars) !== undefined,
  );
  if (found === undefined) {
    throw new ToolchainError(
      'firmware-missing',
      `no ${request.secureBoot === true ? 'secure-boot ' : ''}UEFI firmware for ${request.machine} found`,
      { fix: 'install ovmf (Fedora: edk2-ovmf, Homebrew: qemu), or name the CODE file by its path' },
    );
  }
  return { ...readPair(found.code, found.vars), requiresSmm: found.requiresSmm };
}

/** Returns whether both files of described firmware are raw: every tool can read those. */
const isRaw = ({ mapping }: Descriptor) =>
  [mapping.executable, mapping['nvram-template']].every((file) => file?.format === 'raw');

/** Finds the SeaBIOS image that QEMU starts by default, or returns undefined. The file is not read: for reports. */
export function findSeaBios(roots: FirmwareRoots = firmwareRoots()): string | undefined {
  return roots.seaBios.find((path) => fileSize(path) !== undefined);
}

/** Finds the SeaBIOS image for a boot that is to be recorded. @throws ToolchainError `firmware-missing` */
export function requireSeaBios(roots: FirmwareRoots = firmwareRoots()): string {
  const code = findSeaBios(roots);
  if (code !== undefined) return code;
  throw new ToolchainError('firmware-missing', 'no SeaBIOS image found', {
    fix: 'install seabios (Fedora: seabios-bin, Homebrew: qemu)',
  });
}
