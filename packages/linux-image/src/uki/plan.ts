// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type ByteSource, bytesSource, type Layout } from '@latticra/disk-image';
import { inspect, requireInitramfs } from '@latticra/disk-image/inspect';
import { addSections } from '@latticra/disk-image/pe';
import { LinuxImageError } from '../error.js';
import { readLinuxKernel } from '../kernel/read.js';
import { UEFI_STUB } from '../stub/stub.js';
import { checkCommandLine, checkOsRelease } from './texts.js';
import type { UkiFacts, UkiPart, UkiSection } from './uki.js';
import { wrapImageError } from './wrap.js';

/** What a unified kernel image is made of. */
export interface UkiOptions {
  /** A kernel that both loaders start. */
  readonly kernel: ByteSource;
  /** An initramfs: cpio, compressed or not. */
  readonly initrd: ByteSource;
  readonly commandLine: string;
  /** The text of os-release of the system that is started. */
  readonly osRelease: string;
}

/** A unified kernel image as a plan: its bytes, and what is known of them. */
export interface PlannedUki extends UkiFacts {
  readonly layout: Layout;
}

/**
 * Plans a unified kernel image: one program for UEFI that holds a kernel, its initramfs and its command line, and is signed
 * as one. The same options give the same bytes. Its length is divisible by 8 and its check sum is right, so that what
 * removes a signature gives these bytes back. Kernel and initramfs are read once here and once when the plan is written.
 * @throws LinuxImageError `kernel-…`, `unfit-initrd`, `bad-command-line`, `bad-os-release`, `uki-too-large`
 */
export function planUki({ kernel, initrd, commandLine, osRelease }: UkiOptions): PlannedUki {
  checkCommandLine(commandLine);
  checkOsRelease(osRelease);
  const kernelVersion = releaseOf(kernel);
  wrapImageError('unfit-initrd', 'the initramfs', () => requireInitramfs(inspect(initrd)));
  const { layout, sections, checksum, authenticode } = wrapImageError(
    'uki-too-large',
    'the unified kernel image',
    () =>
      addSections(
        UEFI_STUB,
        ukiSections({
          '.osrel': text(osRelease),
          '.cmdline': text(commandLine),
          '.uname': text(kernelVersion),
          '.linux': kernel,
          '.initrd': initrd,
        }),
      ),
  );
  const part = (wanted: UkiSection): UkiPart => {
    const found = sections.find(({ name }) => name === wanted);
    if (!found) throw new LinuxImageError('bad-uki', `${wanted} was not placed`);
    return { offset: found.offset, size: found.size, sha256: found.sha256 };
  };
  return {
    layout,
    size: layout.size,
    checksum,
    authenticode,
    commandLine,
    osRelease,
    kernelVersion,
    kernel: part('.linux'),
    initrd: part('.initrd'),
    stubSha256: createHash('sha256').update(UEFI_STUB).digest('hex'),
  };
}

/** Returns what `uname -r` will say. @throws LinuxImageError `kernel-…` */
export const releaseOf = (kernel: ByteSource): string =>
  wrapImageError('kernel-bad-header', 'the kernel', () => readLinuxKernel(kernel)).release;

const text = (content: string) => bytesSource(Buffer.from(content));

/** Lists sections by name and content; their order is that of the names. */
export const ukiSections = (contents: Readonly<Record<UkiSection, ByteSource>>) =>
  Object.entries(contents).map(([name, content]) => ({ name, content }));
