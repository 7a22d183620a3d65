// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertSelfContained, CONVERT } from '../qcow2/features.js';
import { fixFor, nameOf } from './formats.js';
import type { FactsByKind, Inspection, InspectionOf, Kind } from './inspection.js';

/** The facts of a file that is what it has to be. */
type Facts<K extends Kind> = NonNullable<FactsByKind[K]>;

/**
 * Refuses a file of another format: `found xz data, expected an ISO 9660 image`, with what to do about it.
 * @throws ImageError `other-format`
 */
function otherFormat(inspection: Inspection, expected: string): never {
  throw new ImageError(
    'other-format',
    `found ${nameOf(inspection)}, expected ${expected}`,
    fixFor(inspection),
  );
}

const isOf = <K extends Kind>(inspection: Inspection, kinds: readonly K[]): inspection is InspectionOf<K> =>
  kinds.some((kind) => kind === inspection.kind);

/** What helps against damage of which nobody knows how it came. */
const AGAIN = 'get the file again, or make it again';

/**
 * Returns an inspection of one of these kinds, of a file that is nothing else as well and contradicts nothing.
 * @param expected what is wanted, for the message: `an ISO 9660 image`
 * @throws ImageError `other-format`, or the first problem of the file
 */
export function requireKind<K extends Kind>(
  inspection: Inspection,
  kinds: readonly K[],
  expected: string,
): InspectionOf<K> {
  if (!isOf(inspection, kinds)) return otherFormat(inspection, expected);
  const { also, problems } = inspection;
  if (also.length > 0) {
    throw new ImageError(
      'other-format',
      `found ${nameOf(inspection)} that is ${also.join(' and ')} as well, expected ${expected} and nothing else`,
      { fix: 'make it again: what one program takes it for, another does not' },
    );
  }
  const [problem] = problems;
  if (problem) {
    throw new ImageError(problem.code, problem.message, { fix: problem.fix ?? AGAIN });
  }
  return inspection;
}

/** Returns the facts of a sound file, which are there when reading it found no fault. */
function factsOf<T>(facts: T | undefined, inspection: Inspection, expected: string, fix?: string): T {
  if (facts !== undefined) return facts;
  const [unread = 'it could not be read'] = inspection.unread;
  throw new ImageError(
    'unsupported',
    `${expected} that is not read here: ${unread}`,
    fix === undefined ? {} : { fix },
  );
}

/** Requires an ISO 9660 image that is all there. Which firmware starts it, and from what, is in its `starts`. */
export function requireIso(inspection: Inspection): Facts<'iso9660'> {
  const expected = 'an ISO 9660 image';
  return factsOf(requireKind(inspection, ['iso9660'], expected).facts, inspection, expected);
}

/**
 * Requires a raw disk: whole sectors, with a partition table or a boot sector.
 * @throws ImageError `other-format` also for a file system without a boot sector
 */
export function requireDisk(inspection: Inspection): Facts<'disk'> | Facts<'file-system'> {
  const expected = 'a raw disk image';
  const found = requireKind(inspection, ['disk', 'file-system'], expected);
  if (found.kind === 'file-system' && found.facts?.type !== 'fat') return otherFormat(inspection, expected);
  // What is unread of a disk as a whole are its sectors.
  return factsOf(found.facts, inspection, expected, 'make it with sectors of 512 bytes');
}

/**
 * Requires a qcow2 file that stands alone, is sound, and was read: what the guest sees is in its bytes.
 * @throws ImageError `unsupported` for a backing or data file, encryption, or anything that was not read
 */
export function requireQcow2(inspection: Inspection): Facts<'qcow2'> {
  const expected = 'a qcow2 image';
  const { facts } = requireKind(inspection, ['qcow2'], expected);
  // What it needs besides itself was among the unread; said here again, it comes with what to do.
  if (facts?.facts) assertSelfContained(facts.facts.features);
  const isRead = facts?.facts && facts.disk && facts.check?.unreadClusters === 0;
  return factsOf(isRead ? facts : undefined, inspection, expected, CONVERT);
}

/** The form of an image as an operator names it: a disc, or a disk in a file of its own format or bit by bit. */
export type ImageForm = 'iso' | 'raw' | 'qcow2';

const REQUIRE: Readonly<Record<ImageForm, (inspection: Inspection) => unknown>> = {
  iso: requireIso,
  raw: requireDisk,
  qcow2: requireQcow2,
};

/**
 * Requires an image of the form that it was named as, which holds by itself all that a guest would see.
 * @throws ImageError as {@link requireIso}, {@link requireDisk}, {@link requireQcow2}
 */
export function requireImage(inspection: Inspection, form: ImageForm): void {
  REQUIRE[form](inspection);
}

/** Requires a kernel: of Linux, an EFI program, or one with a Multiboot header. */
export function requireKernel(
  inspection: Inspection,
): Facts<'linux'> | Facts<'uki'> | Facts<'pe'> | Facts<'elf'> | Facts<'multiboot'> {
  const expected = 'a kernel (Linux, EFI or Multiboot)';
  const found = requireKind(inspection, ['linux', 'uki', 'pe', 'elf', 'multiboot'], expected);
  if (found.kind === 'elf' && found.facts?.multiboot.length === 0) return otherFormat(inspection, expected);
  if (found.kind === 'pe' && found.facts?.efi === false) return otherFormat(inspection, expected);
  return factsOf(found.facts, inspection, expected);
}

/** What may be inside a compressed initramfs, where that was looked at. */
const IN_INITRAMFS = ['cpio', undefined];

/** Requires an initramfs: a cpio archive that Linux unpacks, or something compressed that may hold one. */
export function requireInitramfs(inspection: Inspection): Facts<'cpio'> | Facts<'compressed'> {
  const expected = 'an initramfs (cpio, or cpio compressed)';
  const found = requireKind(inspection, ['cpio', 'compressed'], expected);
  if (found.kind === 'compressed' && !IN_INITRAMFS.includes(found.facts?.content)) {
    throw new ImageError(
      'other-format',
      `found ${nameOf(inspection)} of ${found.facts?.content}, expected ${expected}`,
      { fix: 'make it with cpio -H newc, then compress it' },
    );
  }
  if (found.kind === 'cpio' && found.facts?.segments[0]?.format === 'odc') {
    throw new ImageError('other-format', `found ${nameOf(inspection)} in the format odc, expected newc`, {
      fix: 'make it with cpio -H newc',
    });
  }
  return factsOf(found.facts, inspection, expected);
}

/** What has the files of a system in it, and is no archive of them. */
const HOLDS_FILES: readonly Kind[] = [
  'file-system',
  'disk',
  'iso9660',
  'qcow2',
  'vhd',
  'vhdx',
  'vmdk',
  'vdi',
  'cpio',
];

/** Requires a tar archive, alone or compressed with gzip: what reads archives here reads no other compression. */
export function requireTar(inspection: Inspection): Facts<'tar'> | Facts<'compressed'> {
  const expected = 'a tar archive, alone or compressed with gzip';
  if (HOLDS_FILES.includes(inspection.kind)) {
    throw new ImageError('other-format', `found ${nameOf(inspection)}, expected ${expected}`, {
      fix: 'mount or unpack it, and make an archive of its files, as with tar -C <folder> -cf <archive> .',
    });
  }
  const isOther = inspection.kind === 'compressed' && inspection.facts?.compression !== 'gzip';
  const found = requireKind(inspection, isOther ? ['tar'] : ['tar', 'compressed'], expected);
  if (found.kind === 'compressed' && !['tar', undefined].includes(found.facts?.content)) {
    throw new ImageError(
      'other-format',
      `found ${nameOf(inspection)} of ${found.facts?.content}, expected ${expected}`,
    );
  }
  return factsOf(found.facts, inspection, expected);
}

/** Requires a signature in a form that is known here. Whether it holds is another question. */
export function requireSignature(inspection: Inspection): Facts<'signature'> {
  const expected = 'a signature (SSH, OpenPGP or minisign)';
  return factsOf(requireKind(inspection, ['signature'], expected).facts, inspection, expected);
}

/** Requires text that is not empty. */
export function requireText(inspection: Inspection): void {
  requireKind(inspection, ['text'], 'text');
}
