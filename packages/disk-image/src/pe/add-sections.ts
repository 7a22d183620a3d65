// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { ImageError } from '../error.js';
import { assertAmount } from '../layout/amount.js';
import { createLayout, type Extent, type Layout } from '../layout/layout.js';
import { type ByteSource, bytesSource } from '../layout/source.js';
import { assertNoGaps, authenticodeRanges } from './authenticode.js';
import { foldChecksum, sumWords } from './checksum.js';
import { chunksOf } from './chunks.js';
import { endOfContent, openPe, type PeImage } from './open.js';
import { type FileRange, type PeSection, SECTION_FLAG, SECTION_HEADER_SIZE } from './pe.js';
import { writeSection } from './sections.js';

/** Places in a program are 32-bit numbers, and what reads them may take one for negative. */
const MAX_SIZE = 2 ** 31 - 1;

/** A section to be: data that can be read and no more. */
export interface NewPeSection {
  /** Up to eight printable characters of ASCII. */
  readonly name: string;
  readonly content: ByteSource;
}

/** Where a new section lies, and what is in it. */
export interface PlacedPeSection extends FileRange {
  readonly name: string;
  /** SHA-256 of its content, in lower-case hexadecimal. */
  readonly sha256: string;
}

/** A program with sections added. */
export interface ExtendedPe {
  readonly layout: Layout;
  readonly sections: readonly PlacedPeSection[];
  readonly checksum: number;
  /** The digest that a signature of it is over: Authenticode with SHA-256, in lower-case hexadecimal. */
  readonly authenticode: string;
}

/**
 * Plans a program with sections added behind its own, in their order, without a gap and with a right check sum. Sections
 * begin at multiples of the alignment in memory in the file as well. Every content is read once, for the sums.
 * @param program with room in its headers, nothing behind its sections, and no certificates
 * @throws ImageError `bad-name`, `too-large`, or what {@link openPe} throws; `unsupported` for a program with gaps
 */
export function addSections(program: Uint8Array, added: readonly NewPeSection[]): ExtendedPe {
  const source = bytesSource(program);
  const before = openPe(source);
  assertExtensible(source, before, added);
  const alignment = before.sectionAlignment;
  const align = (value: number) => Math.ceil(value / alignment) * alignment;
  const header = Buffer.from(program);
  let offset = program.length;
  let address = before.imageSize;
  const sections = added.map(({ name, content }): PeSection => {
    const rawSize = align(content.size);
    const section = { name, offset, size: content.size, rawSize, address, virtualSize: content.size };
    offset += rawSize;
    address += rawSize;
    return { ...section, flags: SECTION_FLAG.data | SECTION_FLAG.read };
  });
  if (offset > MAX_SIZE || address > MAX_SIZE) {
    throw new ImageError('too-large', `a PE program of ${offset} bytes, more than 2 GiB`);
  }
  const { places } = before;
  sections.forEach((section, index) => {
    writeSection(header, places.headersEnd + index * SECTION_HEADER_SIZE, section);
  });
  header.writeUInt16LE(before.sections.length + sections.length, places.sectionCount);
  const data = header.readUInt32LE(places.initializedDataSize) + offset - program.length;
  header.writeUInt32LE(data, places.initializedDataSize);
  header.writeUInt32LE(address, places.imageSize);
  header.writeUInt32LE(0, places.checksum);

  const extents: Extent[] = [{ offset: 0, source: bytesSource(header) }];
  added.forEach(({ content }, index) => {
    const { offset: at = 0, rawSize = 0 } = sections[index] ?? {};
    extents.push({ offset: at, source: content });
    // The padding is content too: whoever writes up to the last extent writes the whole file.
    extents.push({ offset: at + content.size, source: bytesSource(new Uint8Array(rawSize - content.size)) });
  });
  const sums = new Sums();
  sums.header(header, before);
  const placed = added.map(({ name, content }, index) => {
    const { rawSize = 0, offset: at = 0 } = sections[index] ?? {};
    return { name, offset: at, size: content.size, sha256: sums.section(content, rawSize) };
  });
  const checksum = foldChecksum(sums.words, offset);
  header.writeUInt32LE(checksum, places.checksum);
  return {
    layout: createLayout(offset, extents),
    sections: placed,
    checksum,
    authenticode: sums.authenticode.digest('hex'),
  };
}

/** Refuses a program that sections cannot be added to, and names that cannot be written. */
function assertExtensible(source: ByteSource, program: PeImage, added: readonly NewPeSection[]): void {
  assertNoGaps(program);
  const { sectionAlignment, places, headersSize, certificates, imageSize } = program;
  if (certificates || endOfContent(program) !== source.size || source.size % sectionAlignment !== 0) {
    throw new ImageError('unsupported', 'the PE program to extend does not end with a whole section');
  }
  const last = program.sections.reduce(
    (end, { address, virtualSize }) => Math.max(end, address + virtualSize),
    0,
  );
  if (imageSize !== Math.ceil(last / sectionAlignment) * sectionAlignment) {
    throw new ImageError('unsupported', 'the image of the PE program to extend is larger than its sections');
  }
  const room = Math.floor((headersSize - places.headersEnd) / SECTION_HEADER_SIZE);
  if (added.length > room) {
    throw new ImageError('too-large', `${added.length} sections, and room for ${room} in the headers`);
  }
  const names = new Set(program.sections.map(({ name }) => name));
  for (const { name, content } of added) {
    if (!/^[!-~]{1,8}$/.test(name) || names.has(name)) {
      throw new ImageError('bad-name', `a section cannot be called ${JSON.stringify(name)} here`);
    }
    assertAmount(`the size of the section ${name}`, content.size);
    if (content.size === 0) throw new ImageError('unsupported', `the section ${name} would be empty`);
    names.add(name);
  }
}

/** Everything that is summed of a program while its parts are read once. */
class Sums {
  readonly authenticode = createHash('sha256');
  words = 0;

  header(header: Uint8Array, program: PeImage): void {
    this.words += sumWords(header);
    for (const [start, end] of authenticodeRanges(program, header.length)) {
      this.authenticode.update(header.subarray(start, end));
    }
  }

  /** Sums a section, padded to `rawSize`, and returns the SHA-256 of its content. */
  section(content: ByteSource, rawSize: number): string {
    const hash: Hash = createHash('sha256');
    for (const chunk of chunksOf(content, 0, content.size)) {
      hash.update(chunk);
      this.authenticode.update(chunk);
      this.words += sumWords(chunk);
    }
    this.authenticode.update(new Uint8Array(rawSize - content.size));
    return hash.digest('hex');
  }
}
