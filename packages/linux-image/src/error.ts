// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * What a Linux system cannot be made an image for.
 *
 * - `kernel-not-bzimage`, `kernel-old-protocol`, `kernel-not-relocatable`, `kernel-other-architecture`,
 *   `kernel-no-efi-stub`, `kernel-no-version`, `kernel-bad-header`: a kernel that our loaders cannot start.
 * - `bad-command-line`: a command line that the kernel would not get as it is written.
 * - `bad-place`: a place in an image that a loader could not be told.
 * - `no-slot`: bytes that should be a loader of ours and are not.
 * - `initramfs-bad-archive`: an archive of ours that is damaged.
 * - `initramfs-bad-file`: a file that cannot be put into an initramfs.
 * - `helper-bad-config`: a configuration of the root that the helper would not take.
 * - `modules-none`: a root file system without modules of the kernel's version.
 * - `modules-bad-list`: a list of modules that depmod did not write.
 * - `modules-compressed`: a module that the root needs is compressed.
 * - `modules-missing`: a module that the root needs is neither built into the kernel nor among its modules.
 * - `rootfs-unfit`: a member of the root file system that EROFS cannot hold.
 * - `rootfs-changed`: the root file system became another one while it was read.
 * - `bad-os-release`: a text that is no os-release file.
 * - `unfit-initrd`: an initramfs that is none.
 * - `uki-too-large`: a unified kernel image above 2 GiB.
 * - `bad-uki`: a file that is no unified kernel image as this package writes them.
 * - `bad-medium`: an ISO or a disk that is none as this package writes them.
 * - `not-signed`: a file that was to be signed carries no signature.
 * - `signed-differs`: a signed file differs from the unsigned one in more than a signature may change.
 * - `bad-signature`: a signature that is damaged, or was made over another file.
 */
export type LinuxImageErrorCode =
  | 'kernel-not-bzimage'
  | 'kernel-old-protocol'
  | 'kernel-not-relocatable'
  | 'kernel-other-architecture'
  | 'kernel-no-efi-stub'
  | 'kernel-no-version'
  | 'kernel-bad-header'
  | 'bad-command-line'
  | 'bad-place'
  | 'no-slot'
  | 'initramfs-bad-archive'
  | 'initramfs-bad-file'
  | 'helper-bad-config'
  | 'modules-none'
  | 'modules-bad-list'
  | 'modules-compressed'
  | 'modules-missing'
  | 'rootfs-unfit'
  | 'rootfs-changed'
  | 'bad-os-release'
  | 'unfit-initrd'
  | 'uki-too-large'
  | 'bad-uki'
  | 'bad-medium'
  | 'not-signed'
  | 'signed-differs'
  | 'bad-signature';

const KIND: Partial<Record<LinuxImageErrorCode, FailureKind>> = { 'bad-command-line': 'usage' };

/** What this package refuses; an input is of kind `data`. */
export class LinuxImageError extends Failure<LinuxImageErrorCode> {
  constructor(code: LinuxImageErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}
