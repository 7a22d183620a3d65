// SPDX-License-Identifier: Apache-2.0
import type { CompressedFacts, CpioFacts, TarFacts } from './archive.js';
import type { DiskFacts } from './disk.js';
import type { ElfProgram } from './elf.js';
import type { FileSystem } from './file-system.js';
import type { Findings } from './findings.js';
import type { ForeignDisk } from './foreign.js';
import type { IsoFacts } from './iso.js';
import type { LinuxKernel } from './linux.js';
import type { Loader } from './loaders.js';
import type { PeProgram } from './pe.js';
import type { Qcow2Inspection } from './qcow2.js';
import type { SignatureFacts } from './text.js';

/** A kernel of Linux; where it is an EFI program as well, `efi` says what kind. */
export interface LinuxFacts extends LinuxKernel {
  readonly efi: PeProgram | undefined;
}

/** A unified kernel image: an EFI program with a kernel, and mostly an initramfs, as sections of their own. */
export interface UkiFacts extends PeProgram {
  /** The kernel in its section `.linux`. */
  readonly kernel: LinuxKernel | undefined;
}

/** A file system that fills the whole file, without a partition table. */
export interface FileSystemFacts extends FileSystem {
  /** On FAT alone. */
  readonly loaders: readonly Loader[];
}

/** Facts by kind: what a file is, and what is known of such a file. */
export interface FactsByKind {
  readonly empty: undefined;
  readonly iso9660: IsoFacts;
  readonly disk: DiskFacts;
  readonly qcow2: Qcow2Inspection;
  readonly vhd: ForeignDisk;
  readonly vhdx: ForeignDisk;
  readonly vmdk: ForeignDisk;
  readonly vdi: ForeignDisk;
  readonly linux: LinuxFacts;
  readonly uki: UkiFacts;
  readonly pe: PeProgram;
  readonly elf: ElfProgram;
  /** A file without ELF around it that has a Multiboot header. */
  readonly multiboot: { readonly versions: readonly (1 | 2)[] };
  readonly cpio: CpioFacts;
  readonly tar: TarFacts;
  readonly compressed: CompressedFacts;
  readonly 'file-system': FileSystemFacts;
  readonly signature: SignatureFacts;
  readonly 'spdx-json': undefined;
  readonly json: undefined;
  readonly html: undefined;
  readonly text: undefined;
  readonly unknown: undefined;
}

/** What a file is. */
export type Kind = keyof FactsByKind;

/** A kind with its facts, which are undefined where nothing could be read: a finding says why. */
export type Found = {
  readonly [K in Kind]: { readonly kind: K; readonly facts: FactsByKind[K] | undefined };
}[Kind];

/** What a file was found to be, by its content alone. */
export type Inspection = Found &
  Findings & {
    /** Bytes. */
    readonly size: number;
    /** What others could take the same bytes for; a file that is two things at once is to be trusted as neither. */
    readonly also: readonly Kind[];
  };

/** The inspection of a file of one kind. */
export type InspectionOf<K extends Kind> = Extract<Inspection, { readonly kind: K }>;
