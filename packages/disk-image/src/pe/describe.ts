// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { architectureOf } from './architecture.js';
import { CERTIFICATE_DIRECTORY, type PeHeaders } from './pe.js';
import { readSections } from './sections.js';

const MAX_DIRECTORIES = 16;

/** Finds where the PE header begins; undefined for what is no PE program. */
function findHeader(source: ByteSource): number | undefined {
  if (source.size < 64) return undefined;
  const start = readStructure(source, 0, 64, 'DOS header');
  if (start.getUint16(0, true) !== 0x5a4d) return undefined;
  const at = start.getUint32(60, true);
  if (at + 4 > source.size) return undefined;
  return readStructure(source, at, 4, 'PE signature').getUint32(0, true) === 0x4550 ? at : undefined;
}

/**
 * Reads the headers of a program in the PE format, of any machine, without a judgement; undefined for what is none.
 * @throws ImageError `truncated` when the file ends before a section or the certificates, `corrupt` for sizes that
 * contradict each other
 */
export function describePe(source: ByteSource): PeHeaders | undefined {
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
  const first = magic === 0x20b ? 112 : 96;
  const directories = readDirectories(optional, first);
  const { address: offset, size } = directories[CERTIFICATE_DIRECTORY] ?? { address: 0, size: 0 };
  if (size > 0) readStructure(source, offset, 8, 'PE certificate table');
  if (offset + size > source.size) {
    const end = offset + size;
    throw new ImageError(
      'truncated',
      `the PE certificate table ends at byte ${end}, the file at ${source.size}`,
    );
  }
  const table = at + 24 + optionalSize;
  const { sections, end } = readSections(source, table, header.getUint16(6, true));
  return {
    architecture: architectureOf(header.getUint16(4, true)),
    is64Bit: magic === 0x20b,
    characteristics: header.getUint16(22, true),
    entryPoint: optional.getUint32(16, true),
    sectionAlignment: optional.getUint32(32, true),
    fileAlignment: optional.getUint32(36, true),
    imageSize: optional.getUint32(56, true),
    headersSize: optional.getUint32(60, true),
    checksum: optional.getUint32(64, true),
    subsystem: optional.getUint16(68, true),
    dllCharacteristics: optional.getUint16(70, true),
    directories,
    directoryCount: first <= optionalSize ? optional.getUint32(first - 4, true) : 0,
    certificates: size > 0 ? { offset, size } : undefined,
    sections,
    places: {
      sectionCount: at + 6,
      initializedDataSize: at + 24 + 8,
      imageSize: at + 24 + 56,
      checksum: at + 24 + 64,
      directories: at + 24 + first,
      certificateEntry:
        directories.length > CERTIFICATE_DIRECTORY ? at + 24 + first + 8 * CERTIFICATE_DIRECTORY : undefined,
      sectionTable: table,
      headersEnd: end,
    },
  };
}

/** Reads the data directories that begin at `first`: as many as the header counts, has room for, and the format knows. */
function readDirectories(optional: DataView, first: number) {
  const room = Math.max(0, Math.floor((optional.byteLength - first) / 8));
  const counted = first <= optional.byteLength ? optional.getUint32(first - 4, true) : 0;
  return Array.from({ length: Math.min(room, counted, MAX_DIRECTORIES) }, (_, index) => ({
    address: optional.getUint32(first + 8 * index, true),
    size: optional.getUint32(first + 8 * index + 4, true),
  }));
}
