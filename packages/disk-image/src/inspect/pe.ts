// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { fieldText, hasText, peek } from './bytes.js';

/** A section of a program: a part with a name. Places are bytes of the file. */
export interface PeSection {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** A program in Microsoft's PE format, as UEFI starts it. */
export interface PeProgram {
  readonly architecture: Architecture;
  /** Made for UEFI: an application, a driver, or firmware of its own. */
  readonly efi: boolean;
  /** It carries a table of certificates; whose, and whether they hold, is not looked at. */
  readonly signed: boolean;
  readonly sections: readonly PeSection[];
}

/** What a processor has to be to run a program. */
export type Architecture =
  | 'x86'
  | 'x86_64'
  | 'arm'
  | 'aarch64'
  | 'riscv32'
  | 'riscv64'
  | 'loongarch64'
  | 'ia64'
  | 'ppc'
  | 'ppc64'
  | 's390x'
  | 'mips'
  | 'unknown';

/** Machine types of the PE format. */
const MACHINES: Readonly<Record<number, Architecture>> = {
  332: 'x86',
  34404: 'x86_64',
  448: 'arm',
  450: 'arm',
  452: 'arm',
  43620: 'aarch64',
  20530: 'riscv32',
  20580: 'riscv64',
  25188: 'loongarch64',
  512: 'ia64',
};

/** Subsystems of UEFI: application, boot driver, runtime driver, ROM. */
const EFI_SUBSYSTEMS = [10, 11, 12, 13];
const SECTION_SIZE = 40;
const CERTIFICATES = 4;

/** Finds where the PE header begins; undefined for what is no PE program. */
function findHeader(source: ByteSource): number | undefined {
  const start = peek(source, 0, 64);
  if (!hasText(start, 0, 'MZ') || start.length < 64) return undefined;
  const at = start.readUInt32LE(60);
  return hasText(peek(source, at, 4), 0, 'PE\0\0') ? at : undefined;
}

/**
 * Reads the headers of a PE program; undefined for what is none.
 * @throws ImageError `truncated` when the file ends before a section or the certificates, `corrupt` for sizes that
 * contradict each other
 */
export function readPe(source: ByteSource): PeProgram | undefined {
  const at = findHeader(source);
  if (at === undefined) return undefined;
  const header = readStructure(source, at, 24, 'PE header');
  const optionalSize = header.getUint16(20, true);
  const optional = readStructure(source, at + 24, optionalSize, 'PE optional header');
  if (optionalSize < 96) throw new ImageError('corrupt', `PE optional header of ${optionalSize} bytes`);
  const magic = optional.getUint16(0, true);
  if (magic !== 0x10b && magic !== 0x20b) {
    throw new ImageError('corrupt', `PE optional header of kind 0x${magic.toString(16)}`);
  }
  const directories = magic === 0x20b ? 112 : 96;
  const count = optionalSize >= directories ? optional.getUint32(directories - 4, true) : 0;
  const hasTable = count > CERTIFICATES && optionalSize >= directories + 8 * (CERTIFICATES + 1);
  const [tableOffset, tableSize] = hasTable
    ? [
        optional.getUint32(directories + 8 * CERTIFICATES, true),
        optional.getUint32(directories + 8 * CERTIFICATES + 4, true),
      ]
    : [0, 0];
  if (tableSize > 0) readStructure(source, tableOffset, 8, 'PE certificate table');
  if (tableOffset + tableSize > source.size) {
    throw new ImageError(
      'truncated',
      `the PE certificate table ends at byte ${tableOffset + tableSize}, the file at ${source.size}`,
    );
  }
  return {
    architecture: MACHINES[header.getUint16(4, true)] ?? 'unknown',
    efi: EFI_SUBSYSTEMS.includes(optional.getUint16(68, true)),
    signed: tableSize > 0,
    sections: readSections(source, at + 24 + optionalSize, header.getUint16(6, true)),
  };
}

function readSections(source: ByteSource, offset: number, count: number): PeSection[] {
  const table = readStructure(source, offset, count * SECTION_SIZE, 'PE section table');
  const bytes = Buffer.from(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: count }, (_, index) => {
    const at = index * SECTION_SIZE;
    const name = fieldText(bytes, at, 8);
    const virtualSize = bytes.readUInt32LE(at + 8);
    const rawSize = bytes.readUInt32LE(at + 16);
    const place = bytes.readUInt32LE(at + 20);
    if (rawSize > 0 && place + rawSize > source.size) {
      throw new ImageError(
        'truncated',
        `PE section ${JSON.stringify(name)} ends at byte ${place + rawSize}, the file at ${source.size}`,
      );
    }
    // What is longer in memory is filled with zeros; what is shorter was padded to the file's alignment.
    return { name, offset: place, size: Math.min(virtualSize, rawSize) };
  });
}
