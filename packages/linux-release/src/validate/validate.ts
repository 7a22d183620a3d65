// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { ReadableFolder } from '@latticra/held-files/anchor';
import type { Sum } from '../build/documents.js';
import { warningsOf } from '../build/warnings.js';
import type { ImageFormat } from '../record/formats.js';
import { RELEASE_FILE } from '../record/names.js';
import type { BuildRecord } from '../record/schema.js';
import { makeUkiAgain } from './again.js';
import { checkManifest, checkReleaseSbom, checkRunbook } from './documents.js';
import { type HeldRelease, holdRelease } from './hold.js';
import { type CheckedMedium, checkMedium, checkWhole, type Watch } from './images.js';
import { formatsOf } from './names.js';
import { rebuild } from './rebuild.js';
import { assertRecorded, reading, refused } from './refuse.js';
import { assertBinding, type ExpectedRoot } from './root.js';
import { type FoundSystem, readRootSystem } from './system.js';
import { checkUki, type FoundUki } from './uki.js';

/** Shows nothing of how far it got. */
const UNTRACKED: Watch['tracker'] = { track: (_label, work) => work(() => undefined) };

/** What is validated, and how far. */
export interface ValidateOptions extends Partial<Watch> {
  /** Of the record, as it was given. */
  readonly path: string;
  /** Where it is: what `path` names from the current folder unless given. */
  readonly resolvedPath?: string;
  /** Where the inputs that the record names are sought, to be built again; undefined where they are not. */
  readonly inputsFrom?: string | undefined;
  /** The folder of the record where it is held already, which stays open; it is opened by its path unless given. */
  readonly folder?: ReadableFolder | undefined;
}

/** A release of which everything that can be checked holds. */
export interface ReleaseValidation {
  readonly path: string;
  /** Of the record: lower-case hexadecimal. */
  readonly sha256: string;
  readonly record: BuildRecord;
  readonly images: Readonly<Partial<Record<ImageFormat, Sum>>>;
  /** How many signatures the unified kernel image in the images carries. */
  readonly signatures: number;
  /** Whether the SBOM was derived again from the root in the images. */
  readonly sbomDerived: boolean;
  readonly inputsRebuilt: boolean;
  /** Names of what lies beside the release and is no part of it. */
  readonly added: readonly string[];
}

/**
 * Takes a release apart, and believes nothing that its record says: what can be read in its files is read there, and what
 * follows from that is made again and compared byte for byte.
 *
 * @example
 * import { validateRelease } from '@latticra/linux-release';
 *
 * const { record, images } = await validateRelease({ path: 'release/os-image-build.txt' });
 * console.log(record.artifactVersion, images.iso?.sha256);
 *
 * @throws LinuxReleaseError `record-differs` naming the file and what differs, `root-damaged` naming the block, `input-differs`,
 *   `not-repeated`; HeldFileError for a file that is missing, a link, or changes meanwhile
 */
export function validateRelease({
  path,
  resolvedPath = resolve(path),
  inputsFrom,
  folder,
  tracker = UNTRACKED,
  signal = new AbortController().signal,
}: ValidateOptions): Promise<ReleaseValidation> {
  const watch: Watch = { tracker, signal };
  const check = async (release: HeldRelease): Promise<ReleaseValidation> => {
    const { record, sha256, added } = release;
    const quietly = { onBytes: () => undefined, signal: watch.signal };
    const uki = await reading(RELEASE_FILE.uki, () => checkUki(release, quietly));
    const expected = expectedRoot(record, uki);
    const media: CheckedMedium[] = [];
    for (const format of formatsOf(record)) {
      media.push(
        await reading(RELEASE_FILE[format], () => checkMedium(release, format, uki, expected, watch)),
      );
    }
    const [first] = media;
    if (first === undefined) throw refused(release.name, 'has no image');
    const found = await reading(RELEASE_FILE[first.format], () => systemIn(first, uki, record, watch.signal));
    const boot = await reading(RELEASE_FILE.uki, () => makeUkiAgain(record, uki, first, found, watch));
    const images: Partial<Record<ImageFormat, Sum>> = {};
    for (const medium of media) {
      const parts = { uki: boot.inImages, root: first.root };
      images[medium.format] = await reading(RELEASE_FILE[medium.format], () =>
        checkWhole(release, medium, parts, watch),
      );
    }
    await reading(RELEASE_FILE.manifest, () => checkManifest(release, images));
    await reading(RELEASE_FILE.recovery, () => checkRunbook(release));
    const sbomDerived = await reading(RELEASE_FILE.sbom, () =>
      checkReleaseSbom(release, { images, uki, found }),
    );
    assertWarnings(release, uki, found);
    if (inputsFrom !== undefined) await rebuild(release, inputsFrom, watch);
    return {
      path,
      sha256,
      record,
      images,
      signatures: boot.signatures,
      sbomDerived,
      inputsRebuilt: inputsFrom !== undefined,
      added,
    };
  };
  return holdRelease(resolvedPath, check, folder);
}

/** Returns what the root is to be; undefined for a system without one. @throws LinuxReleaseError `record-differs` */
function expectedRoot({ rootfs }: BuildRecord, { joined, facts }: FoundUki): ExpectedRoot | undefined {
  if (rootfs === undefined || joined === undefined) return undefined;
  const expected = { record: rootfs, config: joined.config, commandLine: facts.commandLine };
  assertBinding(RELEASE_FILE.uki, expected);
  return expected;
}

async function systemIn(
  { erofs }: CheckedMedium,
  { joined, kernelFile }: FoundUki,
  { rootMode }: BuildRecord,
  signal: AbortSignal,
): Promise<FoundSystem | undefined> {
  if (erofs === undefined || joined === undefined) return undefined;
  assertRecorded(RELEASE_FILE.uki, 'how the root is read', joined.config.root, rootMode);
  return readRootSystem(erofs, joined.config.root, kernelFile.release, signal);
}

/** Refuses warnings that are others than those that follow from what was found. */
function assertWarnings(
  { name, record }: HeldRelease,
  { initramfs }: FoundUki,
  found: FoundSystem | undefined,
): void {
  const expected = warningsOf(initramfs, found);
  if (expected.join('\n') === record.warnings.join('\n')) return;
  if (found?.isCertain === false) return;
  throw refused(
    name,
    `its warnings are not those of initramfs and root: ${expected.length} follow from them`,
  );
}
