// SPDX-License-Identifier: Apache-2.0
import { type ByteSource, fileSource, readBytes } from '@latticra/disk-image';
import { measureAndUse } from '@latticra/held-files';
import type { SeedArtifact } from './artifact.js';
import { type Contents, findContents, type ImageKind, type Sought } from './contents.js';
import { findGrubVersion } from './grub-version.js';

/** An artifact as it was found. */
export interface SeedMeasurement {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha1: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Why an image could not be looked into further, where it could not. */
  readonly problem: string | undefined;
}

/** A release as it was found, and what is known of how its parts belong together. */
export interface MeasuredSeed {
  readonly artifacts: Readonly<Record<SeedArtifact, SeedMeasurement>>;
  /** The artifacts that are, byte for byte, what the seed's sources assemble to. */
  readonly fromSources: readonly SeedArtifact[];
  /** What was found, byte for byte, inside which image. */
  readonly contents: readonly { readonly image: SeedArtifact; readonly content: SeedArtifact }[];
  /** The versions of GRUB that were recognized in artifacts, by the modinfo.sh in them. */
  readonly grub: readonly { readonly artifact: SeedArtifact; readonly version: string }[];
}

export interface MeasureSeedOptions {
  /**
   * Returns whether the seed's sources are known to assemble to these bytes. Asked for the kernel and the UEFI
   * loader.
   */
  readonly isFromSources: (artifact: SeedArtifact, bytes: Uint8Array) => boolean;
  /** Takes the number of bytes that each step has read. */
  readonly onBytes?: (count: number) => void;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What our own sources assemble to is some KiB; a program above this size is not one of ours. */
const MAX_PROGRAM = 1 << 20;
const KIND: Partial<Record<SeedArtifact, ImageKind>> = { espRaw: 'esp', iso: 'iso', vmImage: 'disk' };

/**
 * Measures the five files of a release, each through one descriptor and in one pass; compares the kernel and the
 * loader with what the sources assemble to, and looks into the images for the other files.
 *
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 */
export async function measureSeed(
  paths: Readonly<Record<SeedArtifact, string>>,
  { isFromSources, onBytes = () => {}, signal }: MeasureSeedOptions,
): Promise<MeasuredSeed> {
  const fromSources: SeedArtifact[] = [];
  const contents: { image: SeedArtifact; content: SeedArtifact }[] = [];
  const recognized: { artifact: SeedArtifact; version: string }[] = [];
  const sought: (Sought & { content: SeedArtifact })[] = [];
  const measure = async (artifact: SeedArtifact): Promise<SeedMeasurement> => {
    const kind = KIND[artifact];
    const { found, grub, own, ...measurement } = await measureAndUse(
      paths[artifact],
      ({ path, fd, size }, { sha1, sha256 }) => {
        const source = fileSource(fd, size);
        const own = kind === undefined && isOwn(source, (bytes) => isFromSources(artifact, bytes));
        return { path, size, sha1, sha256, own, ...lookInto(source, kind, sought) };
      },
      { sha1: true, onBytes, signal },
    );
    if (own) fromSources.push(artifact);
    contents.push(...found.map(({ content }) => ({ image: artifact, content })));
    recognized.push(...grub.map((version) => ({ artifact, version })));
    sought.push({ content: artifact, size: measurement.size, sha256: measurement.sha256 });
    return measurement;
  };
  // An image comes after what may lie in it.
  const kernel = await measure('kernel');
  const efiBootloader = await measure('efiBootloader');
  const espRaw = await measure('espRaw');
  const iso = await measure('iso');
  const vmImage = await measure('vmImage');
  return {
    artifacts: { iso, vmImage, kernel, efiBootloader, espRaw },
    fromSources,
    contents,
    grub: recognized,
  };
}

function lookInto<T extends Sought>(
  source: ByteSource,
  kind: ImageKind | undefined,
  sought: readonly T[],
): Contents<T> {
  if (kind !== undefined) return findContents(source, kind, sought);
  const version = findGrubVersion(source);
  return { found: [], grub: version === undefined ? [] : [version], problem: undefined };
}

function isOwn(source: ByteSource, test: (bytes: Uint8Array) => boolean): boolean {
  return source.size <= MAX_PROGRAM && test(readBytes(source, 0, source.size));
}
