// SPDX-License-Identifier: Apache-2.0
import { formatCommand } from '@latticra/shell-words';

/** What of a record decides the bytes of a release. */
export interface Repeatable {
  readonly epoch: number;
  readonly buildId: string;
  readonly artifactVersion: string;
  readonly sourceCommit: string;
  readonly sourceTag: string;
  readonly buildEnvironment: string;
  readonly recoveryPath: string;
  readonly outputDir: string;
  readonly kernel: { readonly path: string };
  readonly initramfs: { readonly path: string };
  readonly rootfs: { readonly path: string } | undefined;
  readonly rootMode: string;
  readonly givenCommandLine: string | undefined;
  readonly formats: string;
  readonly imageSizeMib: number | undefined;
  readonly signedUki: { readonly path: string | undefined };
}

/** Returns the command, for a POSIX shell in the folder of the build, that gives the same release from the same inputs. */
export function buildCommand(record: Repeatable): string {
  const flags: [string, string | undefined][] = [
    ['--kernel', record.kernel.path],
    ['--initramfs', record.initramfs.path],
    ['--rootfs', record.rootfs?.path],
    ['--root', record.rootMode],
    ['--command-line', record.givenCommandLine],
    ['--formats', record.formats],
    ['--image-size-mib', record.imageSizeMib?.toString()],
    ['--build-id', record.buildId],
    ['--artifact-version', record.artifactVersion],
    ['--source-commit', record.sourceCommit],
    ['--source-tag', record.sourceTag],
    ['--build-environment', record.buildEnvironment],
    ['--operator-recovery-path', record.recoveryPath],
    ['--signed-uki', record.signedUki.path],
    ['--output-dir', record.outputDir],
  ];
  return formatCommand([
    'env',
    `SOURCE_DATE_EPOCH=${record.epoch}`,
    'latticra-os-image-build',
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ]);
}
