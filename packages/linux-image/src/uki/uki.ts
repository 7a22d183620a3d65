// SPDX-License-Identifier: Apache-2.0
import type { FileRange } from '@latticra/disk-image/pe';

/** The sections of a unified kernel image in the order in which they are written, which is that of systemd's tools. */
export const UKI_SECTIONS = ['.osrel', '.cmdline', '.uname', '.linux', '.initrd'] as const;
export type UkiSection = (typeof UKI_SECTIONS)[number];

/** A file inside a unified kernel image: where it lies, and what it is. */
export interface UkiPart extends FileRange {
  /** In lower-case hexadecimal. */
  readonly sha256: string;
}

/** What is known of a unified kernel image. */
export interface UkiFacts {
  /** Bytes of the file. */
  readonly size: number;
  /** The check sum in its PE header. */
  readonly checksum: number;
  /** The digest that a signature is over (Authenticode with SHA-256), in lower-case hexadecimal; the same before and after. */
  readonly authenticode: string;
  readonly commandLine: string;
  /** The text of os-release in it. */
  readonly osRelease: string;
  /** What `uname -r` will say, by the kernel itself. */
  readonly kernelVersion: string;
  readonly kernel: UkiPart;
  readonly initrd: UkiPart;
  /** SHA-256 of the stub that it begins with, without what a builder changes in it. */
  readonly stubSha256: string;
}
