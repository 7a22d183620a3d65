// SPDX-License-Identifier: Apache-2.0
import type { Architecture } from './architecture.js';

/** A run of bytes of a file. */
export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

/** A section of a program: a part with a name. */
export interface PeSection {
  /** Up to eight characters. */
  readonly name: string;
  /** Where it begins in the file. */
  readonly offset: number;
  /** Bytes of its content in the file: without what it is padded with, and without the zeros that memory adds. */
  readonly size: number;
  /** Bytes that it takes in the file, padding included. */
  readonly rawSize: number;
  /** Where it begins in memory, from the beginning of the image on. */
  readonly address: number;
  /** Bytes that it takes in memory. */
  readonly virtualSize: number;
  /** What it holds, and what may be done with it (`IMAGE_SCN_…`). */
  readonly flags: number;
}

/** The headers of a program in Microsoft's PE format, as they are. Addresses count from the beginning of the image. */
export interface PeHeaders {
  readonly architecture: Architecture;
  /** Addresses of 64 bits: PE32+. */
  readonly is64Bit: boolean;
  /** What the file is (`IMAGE_FILE_…`). */
  readonly characteristics: number;
  readonly entryPoint: number;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  /** Bytes of the image in memory. */
  readonly imageSize: number;
  readonly headersSize: number;
  /** The check sum as it is written there; 0 in most files. */
  readonly checksum: number;
  /** 10 to 13 are UEFI's: application, boot driver, runtime driver, firmware in a ROM. */
  readonly subsystem: number;
  /** `IMAGE_DLLCHARACTERISTICS_…` */
  readonly dllCharacteristics: number;
  /** Address and size of each data directory that the header has room for. */
  readonly directories: readonly { readonly address: number; readonly size: number }[];
  /** How many there are by the header's own count. */
  readonly directoryCount: number;
  /** The table of certificates; undefined without one. */
  readonly certificates: FileRange | undefined;
  /** In the order of their headers. */
  readonly sections: readonly PeSection[];
  /** Where fields lie in the file that those who sign or add sections write to. */
  readonly places: PePlaces;
}

/** Offsets of fields in the file. */
export interface PePlaces {
  readonly sectionCount: number;
  readonly initializedDataSize: number;
  readonly imageSize: number;
  readonly checksum: number;
  readonly directories: number;
  /** The directory entry of the certificate table; undefined where the header has no room for one. */
  readonly certificateEntry: number | undefined;
  readonly sectionTable: number;
  /** The end of the section table. */
  readonly headersEnd: number;
}

/** Number of the data directory that says where the certificates are. */
export const CERTIFICATE_DIRECTORY = 4;

export const SECTION_HEADER_SIZE = 40;

/** Flags of a section: initialized data, code, and what may be done with it. */
export const SECTION_FLAG = {
  code: 0x20,
  data: 0x40,
  execute: 0x2000_0000,
  read: 0x4000_0000,
  write: 0x8000_0000,
} as const;
