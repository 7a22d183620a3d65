// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, ImageError } from '@latticra/disk-image';
import { type BzImage, readBzImage } from '@latticra/disk-image/bzimage';
import { inspect, nameOf } from '@latticra/disk-image/inspect';
import { openPe } from '@latticra/disk-image/pe';
import { LinuxImageError, type LinuxImageErrorCode } from '../error.js';

/** A kernel that both loaders start. */
export interface LinuxKernelFile {
  /** What `uname -r` says: the name of the folder of its modules. */
  readonly release: string;
  /** The whole version text: release, builder, number and date of the build. */
  readonly version: string;
  /** The version of the boot protocol, `2.15`. */
  readonly protocol: string;
  /** Bytes of the file. */
  readonly size: number;
  /** The most characters of a command line. */
  readonly commandLineLimit: number;
}

/** What the BIOS loader takes: the first 32 KiB of the file hold the real-mode part. */
const SETUP_LIMIT = 0x8000;
/** What the BIOS loader takes: the kernel goes above 1 MiB, its real-mode part in front of it. */
const LOWEST_ADDRESS = 0x100000n + BigInt(SETUP_LIMIT);
const HIGHEST_END = 1n << 32n;
/** The first protocol with the preferred address and the memory that the kernel uses. */
const PROTOCOL = 0x20a;
const MAX_RELEASE = 64;
/** The subsystem of PE that a boot loader of Linux has. */
const EFI_APPLICATION = 10;

const DISTRIBUTION = {
  fix: 'give the kernel of a distribution for x86-64 as it is installed, /boot/vmlinuz-<version>',
};

const protocolText = (protocol: number) => `${protocol >> 8}.${String(protocol & 0xff).padStart(2, '0')}`;

/**
 * Reads a kernel's headers, some KiB of the file, and refuses one that our loaders for BIOS and UEFI cannot start.
 * @throws LinuxImageError `kernel-…`; ImageError `truncated` for a file that ends too early
 */
export function readLinuxKernel(source: ByteSource): LinuxKernelFile {
  const kernel = readBzImage(source);
  if (kernel === undefined) {
    const found = inspect(source);
    const architecture = found.kind === 'linux' ? found.facts?.architecture : undefined;
    if (architecture !== undefined && architecture !== 'x86_64') throw otherArchitecture(architecture);
    throw refusal('kernel-not-bzimage', `the kernel is ${nameOf(found)}, expected a bzImage of Linux`);
  }
  assertStartsByBios(kernel);
  assertStartsByUefi(source);
  return {
    ...nameKernel(kernel),
    protocol: protocolText(kernel.protocol),
    size: source.size,
    commandLineLimit: kernel.commandLineLimit,
  };
}

const refusal = (code: LinuxImageErrorCode, message: string, details = DISTRIBUTION) =>
  new LinuxImageError(code, message, details);

const otherArchitecture = (architecture: string) =>
  refusal('kernel-other-architecture', `the kernel is for ${architecture}, expected x86_64`);

function assertStartsByBios(kernel: BzImage): void {
  const { protocol, preferredAddress, initSize } = kernel;
  if (preferredAddress === undefined || initSize === undefined) {
    throw refusal(
      'kernel-old-protocol',
      `the kernel speaks boot protocol ${protocolText(protocol)}, expected ${protocolText(PROTOCOL)} or later`,
    );
  }
  if (!kernel.is64Bit) throw otherArchitecture('x86 (32 bits)');
  if (!kernel.relocatable) {
    throw refusal('kernel-not-relocatable', 'the kernel runs at one address only', {
      fix: 'build it with CONFIG_RELOCATABLE=y, as every distribution does',
    });
  }
  const loaded = kernel.size - kernel.setupSize;
  const problem = !kernel.loadedHigh
    ? 'it is a zImage, made for below 1 MiB'
    : kernel.setupSize > SETUP_LIMIT
      ? `a real-mode part of ${kernel.setupSize} bytes, expected at most ${SETUP_LIMIT}`
      : preferredAddress < LOWEST_ADDRESS || preferredAddress + BigInt(initSize) >= HIGHEST_END
        ? `it wants to be at 0x${preferredAddress.toString(16)}, expected an address from 1 MiB to 4 GiB`
        : initSize < loaded
          ? `it says that ${loaded} bytes of it run in ${initSize} bytes`
          : undefined;
  if (problem !== undefined) throw refusal('kernel-bad-header', `the kernel's header: ${problem}`);
}

function assertStartsByUefi(source: ByteSource): void {
  const found = inspect(source);
  const program = found.kind === 'linux' ? found.facts?.efi : undefined;
  if (program?.efi === true && program.architecture === 'x86_64' && isApplication(source)) return;
  throw refusal('kernel-no-efi-stub', 'the kernel is no program for UEFI of x86-64', {
    fix: 'build it with CONFIG_EFI_STUB=y, as every distribution does',
  });
}

/** Returns whether the stub can load and enter it: a sound program, and no driver. */
function isApplication(source: ByteSource): boolean {
  try {
    return openPe(source).subsystem === EFI_APPLICATION;
  } catch (error) {
    if (error instanceof ImageError && error.code !== 'truncated') return false;
    throw error;
  }
}

/** Names the kernel; its modules lie in a folder of this name, so it has to be one that a folder can have. */
function nameKernel({ version }: BzImage): Pick<LinuxKernelFile, 'release' | 'version'> {
  const release = version?.split(' ', 1)[0] ?? '';
  if (version !== undefined && /^[\x20-\x7e]*$/.test(version) && isRelease(release))
    return { release, version };
  throw refusal(
    'kernel-no-version',
    `the kernel's version reads ${JSON.stringify((version ?? '').slice(0, MAX_RELEASE))}, expected one as uname -r says it`,
  );
}

const isRelease = (text: string) => text.length <= MAX_RELEASE && /^[0-9][0-9A-Za-z.+~_-]*$/.test(text);
