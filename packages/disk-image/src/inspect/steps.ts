// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, sliceSource } from '../layout/source.js';
import { readCompressed, readSegments, tarFormat } from './archive.js';
import { hasText, peek } from './bytes.js';
import { compressionAt } from './compressed.js';
import { cpioFormat } from './cpio.js';
import { readDisk } from './disk.js';
import { findMultiboot, readElf } from './elf.js';
import { type FileSystem, findFileSystem } from './file-system.js';
import type { FindingsCollector } from './findings.js';
import { isVdi, isVhd, isVmdk, readVdi, readVhd, readVhdx, readVmdk } from './foreign.js';
import type { Found, Kind } from './inspection.js';
import { readIso } from './iso.js';
import { isZboot, readLinux } from './linux.js';
import { findLoaders } from './loaders.js';
import { readPe } from './pe.js';
import { readQcow2 } from './qcow2.js';
import { assertSound } from './sound.js';
import { hasBootMark, hasGptMark, hasTable } from './tables.js';
import { readText, signatureFormat } from './text.js';

/** How one kind is recognised, in little, and read. */
export interface Step {
  readonly kind: Kind;
  is(source: ByteSource, head: Buffer): boolean;
  /** Throws ImageErrors for what cannot be read at all, or adds findings. */
  read(source: ByteSource, findings: FindingsCollector): Found | undefined;
  /** What is left to say when reading threw. */
  readonly unreadable: Found;
}

const step = (kind: Kind, is: Step['is'], read: Step['read']): Step => ({
  kind,
  is,
  read,
  unreadable: { kind, facts: undefined },
});

const isLinux = (_: ByteSource, head: Buffer) =>
  hasText(head, 0x202, 'HdrS') ||
  hasText(head, 56, 'ARM\x64') ||
  hasText(head, 56, 'RSC\x05') ||
  isZboot(head);
const isPe = (source: ByteSource, head: Buffer) =>
  hasText(head, 0, 'MZ') && head.length >= 64 && hasText(peek(source, head.readUInt32LE(60), 4), 0, 'PE\0\0');
const isElf = (_: ByteSource, head: Buffer) => hasText(head, 0, '\x7fELF');
const isIso = (source: ByteSource) => hasText(peek(source, 32768, 6), 1, 'CD001');

/** Finds a file system other than that of an ISO, which has a kind of its own. */
const wholeFileSystem = (source: ByteSource) => {
  const found = findFileSystem(source);
  return found?.type === 'iso9660' ? undefined : found;
};

/**
 * Returns whether a file system fills its source. Where a table divides the disk, what else was found there is left
 * from before; a FAT volume begins with its own.
 */
const isWhole = (found: FileSystem | undefined, source: ByteSource) =>
  found !== undefined && (['fat', 'exfat', 'ntfs'].includes(found.type) || !hasTable(source));

function readProgram(source: ByteSource): Found {
  const program = readPe(source);
  const linux = program?.sections.find(({ name }) => name === '.linux');
  if (!program || !linux) return { kind: 'pe', facts: program };
  const kernel = readLinux(sliceSource(source, linux.offset, linux.size));
  return { kind: 'uki', facts: { ...program, kernel } };
}

function readKernel(source: ByteSource, findings: FindingsCollector): Found {
  const kernel = readLinux(source);
  const efi = findings.attempt(() => readPe(source));
  if (kernel?.format === 'zboot') findings.unread.push('the kernel inside, which is packed');
  return { kind: 'linux', facts: kernel && { ...kernel, efi } };
}

function readFileSystem(source: ByteSource, findings: FindingsCollector): Found {
  const found = wholeFileSystem(source);
  if (!found) return { kind: 'file-system', facts: undefined };
  findings.attempt(() => assertSound(found, source));
  const loaders = found.type === 'fat' ? findLoaders(source, findings) : [];
  return { kind: 'file-system', facts: { ...found, loaders } };
}

/** Says what a source is, in one word, by the marks of the steps. */
function identify(source: ByteSource): string {
  const head = peek(source, 0, HEAD);
  return [...BINARY_STEPS, ...LAST_STEPS].find(({ is }) => is(source, head))?.kind ?? 'unknown';
}

/** Bytes of a file's beginning that every test of a kind may look at. */
export const HEAD = 4096;

/** Kinds with marks of their own. More than one of them fitting is a file that is two things. */
export const BINARY_STEPS: readonly Step[] = [
  step(
    'qcow2',
    (_, head) => hasText(head, 0, 'QFI\xfb'),
    (source, findings) => ({ kind: 'qcow2', facts: readQcow2(source, findings) }),
  ),
  step(
    'vhdx',
    (_, head) => hasText(head, 0, 'vhdxfile'),
    (source, findings) => ({ kind: 'vhdx', facts: readVhdx(source, findings) }),
  ),
  step(
    'vmdk',
    (_, head) => isVmdk(head),
    (source, findings) => ({ kind: 'vmdk', facts: readVmdk(source, findings) }),
  ),
  step(
    'vdi',
    (_, head) => isVdi(head),
    (source, findings) => ({ kind: 'vdi', facts: readVdi(source, findings) }),
  ),
  step('vhd', isVhd, (source, findings) => ({ kind: 'vhd', facts: readVhd(source, findings) })),
  step('iso9660', isIso, (source, findings) => ({ kind: 'iso9660', facts: readIso(source, findings) })),
  step('linux', isLinux, readKernel),
  step('pe', (source, head) => isPe(source, head) && !isLinux(source, head), readProgram),
  step('elf', isElf, (source) => ({ kind: 'elf', facts: readElf(source) })),
  step(
    'cpio',
    (source) => cpioFormat(source, 0) !== undefined,
    (source, findings) => ({ kind: 'cpio', facts: readSegments(source, findings) }),
  ),
  step(
    'compressed',
    (source) => compressionAt(source) !== undefined,
    (source, findings) => {
      const compression = compressionAt(source);
      return (
        compression && { kind: 'compressed', facts: readCompressed(source, compression, identify, findings) }
      );
    },
  ),
  step(
    'tar',
    (source) => tarFormat(source) !== undefined,
    (source) => {
      const format = tarFormat(source);
      return format && { kind: 'tar', facts: { format } };
    },
  ),
];

/** Kinds that the ones above may show signs of too, the more telling first. */
export const LAST_STEPS: readonly Step[] = [
  step(
    'empty',
    (source) => source.size === 0,
    () => ({ kind: 'empty', facts: undefined }),
  ),
  step('file-system', (source) => isWhole(wholeFileSystem(source), source), readFileSystem),
  step(
    'disk',
    (source) => hasBootMark(source) || hasGptMark(source),
    (source, findings) => ({ kind: 'disk', facts: readDisk(source, findings) }),
  ),
  step(
    'multiboot',
    (source) => findMultiboot(source).length > 0,
    (source) => ({ kind: 'multiboot', facts: { versions: findMultiboot(source) } }),
  ),
  step(
    'signature',
    (source) => signatureFormat(source) !== undefined,
    (source) => {
      const format = signatureFormat(source);
      return format && { kind: 'signature', facts: { format } };
    },
  ),
  step(
    'text',
    (source) => readText(source) !== undefined,
    (source, findings) => {
      const kind = readText(source, findings);
      return kind && { kind, facts: undefined };
    },
  ),
];
