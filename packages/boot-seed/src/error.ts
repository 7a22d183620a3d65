// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * The reasons why our loaders could not start a kernel, as codes of {@link BootSeedError} when one is refused at
 * build time.
 */
export type KernelRefusal =
  | 'kernel-too-large'
  | 'kernel-not-elf'
  | 'kernel-bad-elf'
  | 'kernel-not-multiboot2'
  | 'kernel-bad-header'
  | 'kernel-other-architecture'
  | 'kernel-wants-information'
  | 'kernel-wants-modules'
  | 'kernel-wants-console'
  | 'kernel-wants-framebuffer'
  | 'kernel-wants-boot-services'
  | 'kernel-wants-relocation'
  | 'kernel-wants-address-loading'
  | 'kernel-wants-unknown'
  | 'kernel-bad-segment'
  | 'kernel-no-entry';

/**
 * What can go wrong in building the seed and images around a kernel.
 *
 * - `kernel-…`: the kernel is refused; see {@link assertBootable}.
 * - `no-slot`: bytes that should hold one of our slots (a build id, a loader's block numbers) do not.
 * - `kernel-bad-build-id`: a kernel whose slot for the build id holds none.
 * - `bad-build-id`, `bad-command-line`, `bad-epoch`: a value that an image cannot carry.
 * - `bad-place`: a place in an image that a loader could not be told.
 * - `bad-path`: a path that a report cannot hold, for a line break or the like in it.
 * - `assembly-failed`: GNU as or ld failed on the seed's own sources.
 * - `bad-grub-config`: a grub.cfg that is none.
 * - `grub-failed`: one of GRUB's tools, or of those that it starts, did not do what it was run for.
 * - `grub-unfit-image`: an image of GRUB's that is laid out otherwise than GRUB 2 lays it out.
 * - `record-differs`: a record of a build that is none, contradicts itself, or is not what its files show.
 * - `input-differs`: an input that a record names is another one now.
 * - `not-repeated`: the command in a record does not make the bytes that lie beside it.
 */
export type BootSeedErrorCode =
  | KernelRefusal
  | 'no-slot'
  | 'kernel-bad-build-id'
  | 'bad-build-id'
  | 'bad-command-line'
  | 'bad-epoch'
  | 'bad-place'
  | 'bad-path'
  | 'assembly-failed'
  | 'bad-grub-config'
  | 'grub-failed'
  | 'grub-unfit-image'
  | 'record-differs'
  | 'input-differs'
  | 'not-repeated';

const KIND: Partial<Record<BootSeedErrorCode, FailureKind>> = {
  'bad-build-id': 'usage',
  'bad-command-line': 'usage',
  'bad-epoch': 'usage',
  'assembly-failed': 'unfulfilled',
  'grub-failed': 'unfulfilled',
  'grub-unfit-image': 'unfulfilled',
};

/** The error of this package; a refused input is of kind `data`. */
export class BootSeedError extends Failure<BootSeedErrorCode> {
  constructor(code: BootSeedErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}
