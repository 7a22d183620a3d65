// SPDX-License-Identifier: Apache-2.0
import type { ImageFormat } from './formats.js';

/** The names of the files of a release; a `.sha256` stands beside each image. */
export const RELEASE_FILE = {
  iso: 'latticra-x86_64.iso',
  qcow2: 'latticra-x86_64.qcow2',
  raw: 'latticra-x86_64.raw',
  uki: 'latticra.efi',
  manifest: 'manifest.txt',
  sbom: 'sbom.spdx.json',
  record: 'os-image-build.txt',
  recovery: 'operator-recovery.txt',
} as const satisfies Record<ImageFormat | string, string>;
