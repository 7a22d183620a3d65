// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '@latticra/disk-image';
import { inspect, requireKind } from '@latticra/disk-image/inspect';
import { openPe } from '@latticra/disk-image/pe';
import { LinuxImageError } from '../error.js';
import { wrapImageError } from './wrap.js';

const EFI_APPLICATION = 10;

/**
 * Reads the version of a kernel, what `uname -r` will say, and refuses one that the stub could not start: it has to be a
 * bzImage for x86-64 that is a program for UEFI as well.
 * @throws LinuxImageError `unfit-kernel`
 */
export function readKernelVersion(source: ByteSource): string {
  const refuse = (reason: string): never => {
    throw new LinuxImageError('unfit-kernel', `the kernel ${reason}`, {
      fix: 'take a kernel for x86-64 that was built with CONFIG_EFI_STUB',
    });
  };
  return wrapImageError('unfit-kernel', 'the kernel', () => {
    const { facts } = requireKind(inspect(source), ['linux'], 'a kernel of Linux');
    if (facts?.format !== 'bzimage') return refuse('is no bzImage');
    if (facts.architecture !== 'x86_64') return refuse('is not of 64 bits');
    if (!facts.efi) return refuse('has no UEFI stub: it is no PE program');
    if (openPe(source).subsystem !== EFI_APPLICATION) return refuse('is no application for UEFI');
    const [version = ''] = (facts.version ?? '').split(' ', 1);
    if (!/^[!-~]{1,64}$/.test(version)) return refuse('does not say which version it is');
    return version;
  });
}
