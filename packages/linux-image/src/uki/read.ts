// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type ByteSource, layoutSource, readBytes, sliceSource } from '@latticra/disk-image';
import { inspect, requireInitramfs } from '@latticra/disk-image/inspect';
import {
  addSections,
  openPe,
  type PeImage,
  type PeSection,
  peChecksum,
  readCertificates,
  removeSignature,
} from '@latticra/disk-image/pe';
import { LinuxImageError } from '../error.js';
import { UEFI_STUB } from '../stub/stub.js';
import { releaseOf, ukiSections } from './plan.js';
import { stubOf } from './stub-of.js';
import { osReleaseFault, sectionFault } from './texts.js';
import { UKI_SECTIONS, type UkiFacts, type UkiPart, type UkiSection } from './uki.js';
import { wrapImageError } from './wrap.js';

/** A unified kernel image that was taken apart. */
export interface Uki extends UkiFacts {
  /** The stub is the one that this version of the package writes, to the last byte. */
  readonly stubIsOurs: boolean;
  /** How many signatures it carries. Whether they hold is not looked at here. */
  readonly signatures: number;
}

const TEXT_LIMIT = 1 << 16;

/** Refuses a file. @throws LinuxImageError `bad-uki` */
function refuse(reason: string): never {
  throw new LinuxImageError('bad-uki', `the unified kernel image ${reason}`);
}

/**
 * Takes a unified kernel image apart, with or without signatures, and holds it to what {@link planUki} makes of its parts:
 * not a byte may be another, apart from the stub's own, of which is told whether they are ours.
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { bytesSource } from '@latticra/disk-image';
 * import { readUki } from '@latticra/linux-image';
 *
 * const { kernelVersion, commandLine, signatures } = readUki(bytesSource(readFileSync('linux.efi')));
 * console.log(kernelVersion, commandLine, signatures);
 *
 * @throws LinuxImageError `bad-uki`; `kernel-…`, `unfit-initrd` for what is in it
 */
export function readUki(source: ByteSource): Uki {
  const what = 'the unified kernel image';
  const image = wrapImageError('bad-uki', what, () => openPe(source));
  const section = findSections(image);
  const content = (name: UkiSection) => sliceSource(source, section[name].offset, section[name].size);
  const osRelease = readText(content('.osrel'), '.osrel', osReleaseFault);
  const commandLine = readText(content('.cmdline'), '.cmdline', sectionFault);
  const kernelVersion = releaseOf(content('.linux'));
  if (readText(content('.uname'), '.uname') !== kernelVersion) {
    refuse(`says in .uname something else than its kernel, which is ${kernelVersion}`);
  }
  wrapImageError('unfit-initrd', 'the initramfs', () => requireInitramfs(inspect(content('.initrd'))));

  const stub = stubOf(source, image);
  const contents = Object.fromEntries(UKI_SECTIONS.map((name) => [name, content(name)]));
  const planned = wrapImageError('bad-uki', what, () =>
    addSections(stub, ukiSections(contents as Record<UkiSection, ByteSource>)),
  );
  const signatures = wrapImageError('bad-uki', what, () => readCertificates(source, image)).length;
  if (signatures > 0 && image.checksum !== peChecksum(source, image)) {
    refuse('has a wrong check sum in its header');
  }
  const bare = layoutSource(removeSignature(source, image));
  comparePlan(bare, layoutSource(planned.layout), image);
  const part = (name: UkiSection): UkiPart => ({
    offset: section[name].offset,
    size: section[name].size,
    sha256: planned.sections.find((placed) => placed.name === name)?.sha256 ?? '',
  });
  return {
    size: source.size,
    checksum: image.checksum,
    authenticode: planned.authenticode,
    commandLine,
    osRelease,
    kernelVersion,
    kernel: part('.linux'),
    initrd: part('.initrd'),
    stubSha256: createHash('sha256').update(stub).digest('hex'),
    stubIsOurs: Buffer.compare(stub, UEFI_STUB) === 0,
    signatures,
  };
}

/** Finds the sections that a unified kernel image has, behind those of its stub. */
function findSections({ sections }: PeImage): Record<UkiSection, PeSection> {
  const names = sections.map(({ name }) => name);
  const first = Math.max(0, names.length - UKI_SECTIONS.length);
  const last = names.slice(first);
  if (last.join() !== UKI_SECTIONS.join()) {
    refuse(`ends with the sections ${last.join(' ')}, expected ${UKI_SECTIONS.join(' ')}`);
  }
  const twice = names.slice(0, first).find((name) => (UKI_SECTIONS as readonly string[]).includes(name));
  if (twice !== undefined) refuse(`has the section ${twice} twice`);
  const entries = UKI_SECTIONS.map((name, index) => [name, sections[first + index]]);
  return Object.fromEntries(entries) as Record<UkiSection, PeSection>;
}

/** Reads a section of text, and refuses one that has a fault. */
function readText(
  content: ByteSource,
  name: UkiSection,
  faultOf: (text: string) => string | undefined = () => undefined,
): string {
  if (content.size > TEXT_LIMIT) refuse(`has ${content.size} bytes of text in ${name}`);
  const bytes = Buffer.from(readBytes(content, 0, content.size));
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) refuse(`has no UTF-8 in ${name}`);
  const fault = faultOf(text);
  if (fault !== undefined) refuse(`has a fault in ${name}: the text ${fault}`);
  return text;
}

/** Refuses an image in which anything but the contents of its sections is not as planned: headers, padding, length. */
function comparePlan(found: ByteSource, planned: ByteSource, { sections }: PeImage): void {
  if (found.size !== planned.size)
    refuse(`has ${found.size} bytes, of which its sections take ${planned.size}`);
  const compare = (start: number, end: number, what: string) => {
    const bytes = Buffer.from(readBytes(found, start, end - start));
    const expected = readBytes(planned, start, end - start);
    const at = bytes.findIndex((byte, index) => byte !== expected[index]);
    if (at >= 0) refuse(`has another byte than expected at ${start + at}, in ${what}`);
  };
  const added = sections.slice(-UKI_SECTIONS.length);
  // Padding first: where something is in it, the check sum in the headers is another as well.
  for (const { name, offset, size, rawSize } of added) {
    compare(offset + size, offset + rawSize, `the padding of ${name}`);
  }
  compare(0, added[0]?.offset ?? 0, 'its headers');
}
