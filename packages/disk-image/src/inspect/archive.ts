// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, bytesSource } from '../layout/source.js';
import { hasText, peek } from './bytes.js';
import { type Compression, checkXzEnd, compressionAt, gzipHead } from './compressed.js';
import { type CpioArchive, cpioFormat, readCpio } from './cpio.js';
import type { FindingsCollector } from './findings.js';
import { checkZstdFrame, linuxObstacle } from './obstacle.js';

/** One of the parts that an initramfs is made of; Linux unpacks them one after the other. */
export interface Segment {
  readonly offset: number;
  readonly format: CpioArchive['format'] | Compression;
  /** Of a cpio archive: how many entries it has. */
  readonly entries: number | undefined;
  /** It brings microcode, which the kernel takes before it unpacks anything. */
  readonly microcode: boolean;
  /** Of compressed data: what keeps Linux from unpacking it; undefined where nothing is known to. */
  readonly obstacle: string | undefined;
}

/** A cpio archive, alone or followed by others. */
export interface CpioFacts {
  readonly segments: readonly Segment[];
}

const MAX_SEGMENTS = 32;
const MAX_ZEROS = 1 << 20;
const MICROCODE = /^(?:\.\/)?kernel\/x86\/microcode\//;

/** Finds the first byte from `offset` on that is not zero; undefined where none follows within a mebibyte. */
function skipZeros(source: ByteSource, offset: number): number | undefined {
  const bytes = peek(source, offset, MAX_ZEROS);
  const index = bytes.findIndex((byte) => byte !== 0);
  return index < 0 ? undefined : offset + index;
}

/** Reads the segments of a file that begins with a cpio archive. What is wrong becomes findings. */
export function readSegments(source: ByteSource, findings: FindingsCollector): CpioFacts {
  const segments: Segment[] = [];
  let offset: number | undefined = 0;
  while (offset !== undefined) {
    const at: number = offset;
    if (segments.length === MAX_SEGMENTS) {
      findings.unread.push(`what follows byte ${at}`);
      break;
    }
    const format = cpioFormat(source, at);
    if (format === undefined) {
      const compression = compressionAt(source, at);
      if (compression === undefined) findings.add('corrupt', `what follows at byte ${at} is no archive`);
      else {
        const obstacle = linuxObstacle(source, at, compression);
        segments.push({ offset: at, format: compression, entries: undefined, microcode: false, obstacle });
        checkCompressed(source, at, compression, findings);
        findings.unread.push(`the ${compression} data from byte ${at} on`);
      }
      break;
    }
    const archive = findings.attempt(() => readCpio(source, at, format));
    const microcode = archive?.names.some((name) => MICROCODE.test(name)) ?? false;
    segments.push({ offset: at, format, entries: archive?.entries, microcode, obstacle: undefined });
    if (!archive) break;
    if (!archive.complete) {
      findings.unread.push(`the cpio archive after its first ${archive.entries} entries`);
      break;
    }
    offset = skipZeros(source, at + archive.size);
  }
  return { segments };
}

/** A tar archive: its first header is right. */
export interface TarFacts {
  readonly format: 'ustar' | 'gnu' | 'v7';
}

/** Returns the form of the tar archive that a source begins with; undefined where it begins with none. */
export function tarFormat(source: ByteSource): TarFacts['format'] | undefined {
  const header = peek(source, 0, 512);
  if (header.length < 512 || header[0] === 0) return undefined;
  const text = header
    .toString('latin1', 148, 156)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (!/^[0-7]{1,7}$/.test(text)) return undefined;
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== Number.parseInt(text, 8)) return undefined;
  if (hasText(header, 257, 'ustar\0')) return 'ustar';
  return hasText(header, 257, 'ustar ') ? 'gnu' : 'v7';
}

/** Something compressed. */
export interface CompressedFacts {
  readonly compression: Compression;
  /** What is inside, where it begins far enough to tell; undefined where it was not unpacked. */
  readonly content: string | undefined;
  /** What keeps Linux from unpacking it, were it an initramfs; undefined where nothing is known to. */
  readonly obstacle: string | undefined;
}

/** Looks whether compressed data is all there, as far as that shows without unpacking it. */
function checkCompressed(
  source: ByteSource,
  offset: number,
  compression: Compression,
  findings: FindingsCollector,
): void {
  if (compression === 'xz') findings.attempt(() => checkXzEnd(source));
  if (compression === 'zstd') findings.attempt(() => checkZstdFrame(source, offset));
}

/**
 * Reads the beginning of something compressed; `identify` says what its content is. Nothing is unpacked to its end.
 */
export function readCompressed(
  source: ByteSource,
  compression: Compression,
  identify: (content: ByteSource) => string,
  findings: FindingsCollector,
): CompressedFacts {
  findings.unread.push(`the ${compression} data was not unpacked to its end`);
  checkCompressed(source, 0, compression, findings);
  const obstacle = linuxObstacle(source, 0, compression);
  if (compression !== 'gzip') return { compression, content: undefined, obstacle };
  const head = gzipHead(source, 0);
  if (head === undefined) findings.add('corrupt', 'the gzip data cannot be unpacked');
  return { compression, content: head && identify(bytesSource(head)), obstacle };
}
