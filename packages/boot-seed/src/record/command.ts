// SPDX-License-Identifier: Apache-2.0
import { NONE } from '@latticra/evidence-format/define';
import { formatCommand } from '@latticra/shell-words';

/** What of a record decides the bytes of an image. */
export interface Repeatable {
  readonly epoch: number;
  readonly buildId: string | undefined;
  readonly sourceCommit: string;
  readonly sourceTag: string;
  readonly buildEnvironment: string;
  readonly outputDir: string;
  readonly bootloader: string;
  readonly toolchain: string;
  readonly kernelInput: { readonly path: string } | undefined;
  readonly grubConfig: { readonly path: string | undefined } | undefined;
  readonly imageSizeMib: number | undefined;
  readonly iso: object | undefined;
  readonly vmImage: object | undefined;
}

/** Returns the command, for a POSIX shell in the folder of the build, that gives the same ISO; `none` where there is none. */
export function isoCommand(record: Repeatable): string {
  if (record.iso === undefined) return NONE;
  return command('latticra-boot-seed-build', record, [
    ['--kernel', record.kernelInput?.path],
    ['--bootloader', record.bootloader],
    ['--toolchain', record.toolchain],
    ['--build-id', record.buildId],
  ]);
}

/** Returns the command that gives the same disk; `none` where there is none. */
export function vmImageCommand(record: Repeatable): string {
  if (record.vmImage === undefined) return NONE;
  return command('latticra-boot-seed-vm-image-build', record, [
    ['--kernel', record.kernelInput?.path],
    ['--image-size-mib', record.imageSizeMib?.toString()],
    ['--bootloader', record.bootloader],
    ['--grub-cfg', record.grubConfig?.path],
  ]);
}

function command(
  bin: string,
  record: Repeatable,
  own: readonly (readonly [string, string | undefined])[],
): string {
  const flags = [
    ...own,
    ['--source-commit', record.sourceCommit],
    ['--source-tag', record.sourceTag],
    ['--build-environment', record.buildEnvironment],
    ['--output-dir', record.outputDir],
  ] as const;
  return formatCommand([
    'env',
    `SOURCE_DATE_EPOCH=${record.epoch}`,
    bin,
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ]);
}
