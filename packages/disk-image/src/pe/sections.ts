// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { type PeSection, SECTION_HEADER_SIZE } from './pe.js';

const NAME_SIZE = 8;

/**
 * Reads the headers of `count` sections.
 * @throws ImageError `truncated` when the file ends before one of the headers, or before a section
 */
export function readSections(
  source: ByteSource,
  offset: number,
  count: number,
): { readonly sections: readonly PeSection[]; readonly end: number } {
  const table = readStructure(source, offset, count * SECTION_HEADER_SIZE, 'PE section table');
  const sections = Array.from({ length: count }, (_, index) =>
    readSection(table, index * SECTION_HEADER_SIZE, source.size),
  );
  return { sections, end: offset + table.byteLength };
}

function readSection(table: DataView, at: number, fileSize: number): PeSection {
  const bytes = Buffer.from(table.buffer, table.byteOffset + at, SECTION_HEADER_SIZE);
  const name = (bytes.toString('latin1', 0, NAME_SIZE).split('\0', 1)[0] ?? '').trimEnd();
  const virtualSize = bytes.readUInt32LE(8);
  const rawSize = bytes.readUInt32LE(16);
  const offset = bytes.readUInt32LE(20);
  if (rawSize > 0 && offset + rawSize > fileSize) {
    throw new ImageError(
      'truncated',
      `PE section ${JSON.stringify(name)} ends at byte ${offset + rawSize}, the file at ${fileSize}`,
    );
  }
  return {
    name,
    offset,
    size: Math.min(virtualSize, rawSize),
    rawSize,
    address: bytes.readUInt32LE(12),
    virtualSize,
    flags: bytes.readUInt32LE(36),
  };
}

/** Writes the header of a section into `into` at `at`. */
export function writeSection(into: Uint8Array, at: number, section: PeSection): void {
  const bytes = Buffer.from(into.buffer, into.byteOffset + at, SECTION_HEADER_SIZE);
  bytes.fill(0).write(section.name, 0, NAME_SIZE, 'latin1');
  bytes.writeUInt32LE(section.virtualSize, 8);
  bytes.writeUInt32LE(section.address, 12);
  bytes.writeUInt32LE(section.rawSize, 16);
  bytes.writeUInt32LE(section.offset, 20);
  bytes.writeUInt32LE(section.flags, 36);
}
