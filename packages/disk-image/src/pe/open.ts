// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { describePe } from './describe.js';
import { CERTIFICATE_DIRECTORY, type PeHeaders, SECTION_FLAG, SECTION_HEADER_SIZE } from './pe.js';

const MAX_SECTIONS = 96;
const EXECUTABLE_FILE = 2;
const CERTIFICATE_ALIGNMENT = 8;

/** The headers of a program that {@link openPe} found to be sound. */
export interface PeImage extends PeHeaders {
  readonly is64Bit: true;
  readonly architecture: 'x86_64';
  readonly places: PeHeaders['places'] & { readonly certificateEntry: number };
}

const isPowerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0;

/** Refuses a program. @throws ImageError `corrupt` */
function refuse(reason: string): never {
  throw new ImageError('corrupt', `PE program: ${reason}`);
}

/**
 * Reads a program for x86-64 (PE32+) in full strictness: no two parts of it claim the same byte of the file or of
 * memory, everything lies within it, it begins in code, and certificates end it. Contents are not read.
 * @throws ImageError `bad-magic` for what is no PE program, `unsupported` for another machine, `truncated`, `corrupt`
 */
export function openPe(source: ByteSource): PeImage {
  const headers = describePe(source);
  if (!headers) throw new ImageError('bad-magic', 'not a PE program: there is no MZ, or no PE header');
  const { architecture, is64Bit, places } = headers;
  if (architecture !== 'x86_64' || !is64Bit) {
    const bits = is64Bit ? 64 : 32;
    throw new ImageError('unsupported', `PE program of ${bits} bits for ${architecture}, expected x86_64`);
  }
  const { certificateEntry } = places;
  if (certificateEntry === undefined) refuse('its header has no room for a certificate table');
  checkHeaders(source, headers);
  checkMemory(headers);
  checkFile(headers);
  checkCertificates(source, headers);
  return { ...headers, architecture, is64Bit, places: { ...places, certificateEntry } };
}

/** Holds the counts and alignments of the headers against each other. */
function checkHeaders(source: ByteSource, headers: PeHeaders): void {
  const { characteristics, sectionAlignment, fileAlignment, headersSize, sections, places } = headers;
  if (places.sectionTable - places.directories !== 8 * headers.directoryCount) {
    refuse(`its optional header is of another length than its ${headers.directoryCount} directories take`);
  }
  if (places.sectionCount % 2 !== 0) refuse('its header begins at an odd byte');
  if ((characteristics & EXECUTABLE_FILE) === 0) refuse('it is not marked as executable');
  if (sections.length === 0 || sections.length > MAX_SECTIONS) refuse(`it has ${sections.length} sections`);
  if (!isPowerOfTwo(sectionAlignment) || !isPowerOfTwo(fileAlignment) || fileAlignment > sectionAlignment) {
    refuse(`sections are aligned to ${sectionAlignment} bytes in memory and ${fileAlignment} in the file`);
  }
  if (headersSize < places.headersEnd || headersSize > source.size) {
    refuse(`headers of ${headersSize} bytes, of which the section table ends at byte ${places.headersEnd}`);
  }
  sections.forEach(({ name }, index) => {
    const at = places.sectionTable + index * SECTION_HEADER_SIZE;
    const written = Buffer.from(readBytes(source, at, 8)).toString('latin1');
    if (!/^[!-~]{1,8}$/.test(name) || written !== name.padEnd(8, '\0')) {
      refuse(`the name of section ${index + 1} is not up to eight characters and then NULs`);
    }
  });
}

/** Holds the places of sections in memory against each other and the image. */
function checkMemory({ sections, sectionAlignment, imageSize, headersSize, entryPoint }: PeHeaders): void {
  if (imageSize % sectionAlignment !== 0) refuse(`an image of ${imageSize} bytes is not aligned`);
  let end = headersSize;
  for (const { name, address, virtualSize } of sections) {
    const where = `section ${name} at address ${address}`;
    if (virtualSize === 0) refuse(`${where} takes no memory`);
    if (address % sectionAlignment !== 0) refuse(`${where} is not aligned to ${sectionAlignment} bytes`);
    if (address < end) refuse(`${where} begins before the one in front of it ends, at ${end}`);
    end = address + virtualSize;
    if (end > imageSize) refuse(`${where} ends at ${end}, the image at ${imageSize}`);
  }
  const entered = sections.find(
    ({ address, virtualSize }) => entryPoint >= address && entryPoint < address + virtualSize,
  );
  if (!entered || (entered.flags & SECTION_FLAG.execute) === 0) {
    refuse(`its entry point, address ${entryPoint}, does not lie in code`);
  }
}

/** Lists the sections that are in the file, as they follow each other there. */
export const sectionsInFile = ({ sections }: PeHeaders) =>
  sections.filter(({ rawSize }) => rawSize > 0).sort((a, b) => a.offset - b.offset);

/** Holds the places of sections in the file against each other. */
function checkFile(headers: PeHeaders): void {
  let end = headers.headersSize;
  for (const { name, offset, rawSize } of sectionsInFile(headers)) {
    if (offset < end)
      refuse(`section ${name} at byte ${offset} begins before something else ends, at ${end}`);
    end = offset + rawSize;
  }
}

/** Returns where the program ends in the file, apart from its certificates: after its headers and the last section. */
export const endOfContent = (headers: PeHeaders) =>
  sectionsInFile(headers).reduce(
    (end, { offset, rawSize }) => Math.max(end, offset + rawSize),
    headers.headersSize,
  );

/** Holds the certificate table against the rest: behind everything, and to the end of the file. */
function checkCertificates(source: ByteSource, headers: PeHeaders): void {
  const { address, size } = headers.directories[CERTIFICATE_DIRECTORY] ?? { address: 0, size: 0 };
  if (size === 0 && address !== 0) refuse('its certificate table has a place and no size');
  if (size === 0) return;
  if (address % CERTIFICATE_ALIGNMENT !== 0)
    refuse(`its certificate table at byte ${address} is not aligned`);
  if (address < endOfContent(headers)) refuse(`its certificate table at byte ${address} lies in a section`);
  if (address + size !== source.size) refuse('something follows its certificate table');
}
