// SPDX-License-Identifier: Apache-2.0
import type { FilePlace } from '@latticra/held-files';
import type { RootMode } from '@latticra/linux-image';
import type { Tracker } from '@latticra/manifest';
import type { RecordSigner } from '@latticra/signature';
import type { ImageFormat } from '../record/formats.js';

/** One input, and what its manifest says of it, where there is one. */
export interface BuildInput {
  /** As the record shows it. */
  readonly path: string;
  /** Where it is read. */
  readonly resolvedPath: FilePlace;
  /** Lower-case hexadecimal; undefined where nobody said it. */
  readonly expectedSha256: string | undefined;
}

/** What a release is built from, and how. */
export interface BuildOptions {
  readonly kernel: BuildInput;
  readonly initramfs: BuildInput;
  /** Undefined for a system that lives in its initramfs. */
  readonly rootfs: BuildInput | undefined;
  /** A unified kernel image of the same build that the operator signed. */
  readonly signedUki: BuildInput | undefined;
  /** The folder that appears, whole or not at all; and as the record shows it. */
  readonly outputDir: string;
  readonly shownOutputDir: string;
  readonly artifactVersion: string;
  /** What the operator wants on the command line; the rest is added. */
  readonly commandLine: string;
  /** How the root is read; `none` where there is no root. */
  readonly root: RootMode | 'none';
  readonly formats: ReadonlySet<ImageFormat>;
  /** Of the disk; the least that will do where undefined. */
  readonly imageSizeMib: number | undefined;
  readonly buildId: string;
  /** Whole, or `unknown`. */
  readonly sourceCommit: string;
  /** Or `none`. */
  readonly sourceTag: string;
  /** The object that the tag stands for; `unknown` where no repository was at hand, `none` without a tag. */
  readonly sourceTagObject: string;
  readonly buildEnvironment: string;
  /** A runbook to put beside the images, an https address, or `none`: as the record shows it. */
  readonly operatorRecoveryPath: string;
  /** Where the runbook is read. */
  readonly resolvedRecoveryPath: string;
  /** In seconds since 1970. */
  readonly epoch: number;
  readonly tool: { readonly name: string; readonly version: string };
  /** Signs the record, before the folder appears; undefined where nobody does. */
  readonly signer?: RecordSigner | undefined;
  readonly tracker: Tracker;
  readonly signal: AbortSignal;
}
