// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, compareBytes, layoutSource, sumOf } from '@latticra/disk-image';
import type { ErofsImage } from '@latticra/disk-image/erofs';
import { type BootUki, checkSignedUki } from '@latticra/linux-image';
import type { Tracker } from '@latticra/manifest';
import type { Sum } from '../build/documents.js';
import { imageLayout } from '../build/image.js';
import type { ImageFormat } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { HeldRelease } from './hold.js';
import { type FoundMedium, rangeOf, readMedium } from './medium.js';
import { assertRecorded, refused } from './refuse.js';
import { checkRoot, type ExpectedRoot } from './root.js';
import type { FoundUki } from './uki.js';

/** How a check is watched and ended. */
export interface Watch {
  readonly tracker: Tracker;
  readonly signal: AbortSignal;
}

/** An image that was taken apart. */
export interface CheckedMedium extends FoundMedium {
  readonly format: ImageFormat;
  readonly source: ByteSource;
  /** Of its root; undefined for a system without one. */
  readonly erofs: ErofsImage | undefined;
}

/**
 * Takes an image apart, and holds what is in it against the unified kernel image of the release and the record: what UEFI
 * starts, what a BIOS loader reads, the root.
 * @throws LinuxReleaseError `record-differs`, `root-damaged`; ImageError, LinuxImageError
 */
export async function checkMedium(
  { record, source: open }: HeldRelease,
  format: ImageFormat,
  uki: FoundUki,
  expected: ExpectedRoot | undefined,
  { tracker, signal }: Watch,
): Promise<CheckedMedium> {
  const name = RELEASE_FILE[format];
  const source = open(name);
  // Before anything of it is read: a file may have any length, and be nearly all hole.
  assertRecorded(name, 'its size', source.size, record[format]?.size);
  const medium = readMedium(name, format, source);
  await assertStarted(name, medium, uki, record.signedUki.sha256, signal);
  if ((medium.root === undefined) !== (expected === undefined)) {
    throw refused(name, medium.root ? 'has a root, and the record none' : 'has no root');
  }
  const { root } = medium;
  if (root === undefined || expected === undefined) return { ...medium, format, source, erofs: undefined };
  const erofs = await tracker.track(
    `verifying the root in ${name}`,
    (onBytes) => checkRoot(name, root, expected, { onBytes, signal }),
    root.size,
  );
  const sha256 = await tracker.track(
    `measuring the root in ${name}`,
    (onBytes) => sumOf(root, { onBytes, signal }),
    root.size,
  );
  assertRecorded(name, 'the digest of its root', sha256, expected.record.image.sha256);
  return { ...medium, format, source, erofs };
}

/** Refuses an image that starts something else than the unified kernel image of the release. */
async function assertStarted(
  name: string,
  { disk, uki: found, loader }: FoundMedium,
  { source, facts }: FoundUki,
  signedSha256: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const quietly = { onBytes: () => undefined, signal };
  const { sha256, differsAt } = await compareBytes(found, source, quietly);
  if (signedSha256 !== undefined) {
    checkSignedUki(source, found);
    assertRecorded(name, 'the digest of its signed unified kernel image', sha256, signedSha256);
  } else if (differsAt !== undefined) {
    throw refused(name, `its unified kernel image differs from ${RELEASE_FILE.uki} at byte ${differsAt}`);
  }
  if (loader.commandLine !== facts.commandLine) {
    throw refused(name, `its BIOS loader has another command line: ${loader.commandLine}`);
  }
  for (const [what, part, range] of [
    ['kernel', facts.kernel, loader.kernel],
    ['initramfs', facts.initrd, loader.initramfs],
  ] as const) {
    if ((await sumOf(rangeOf(name, what, disk, range), quietly)) === part.sha256) continue;
    throw refused(
      name,
      `at byte ${range.offset}, where its BIOS loader seeks the ${what}, is something else`,
    );
  }
}

/**
 * Measures an image, and holds it to the last byte against what a build makes of its parts: nothing else is in it.
 * @throws LinuxReleaseError `record-differs`
 */
export async function checkWhole(
  { record, bytes }: HeldRelease,
  { format, source }: CheckedMedium,
  parts: { readonly uki: BootUki; readonly root: ByteSource | undefined },
  { tracker, signal }: Watch,
): Promise<Sum> {
  const name = RELEASE_FILE[format];
  const planned = layoutSource(imageLayout(format, parts.uki, parts.root, record));
  const { sha256, differsAt } = await tracker.track(
    `measuring ${name}`,
    (onBytes) => compareBytes(source, planned, { onBytes, signal }),
    source.size,
  );
  if (differsAt !== undefined) {
    throw refused(name, `byte ${differsAt} is not what a build makes of the parts in it`);
  }
  assertRecorded(name, 'its digest', sha256, record[format]?.sha256);
  const checksum = `${name}.sha256`;
  if (Buffer.from(bytes(checksum, 4096)).toString('latin1') !== `${sha256}  ${name}\n`) {
    throw refused(checksum, `is not the line of ${name}, which has ${sha256}`);
  }
  return { size: source.size, sha256 };
}
