// SPDX-License-Identifier: Apache-2.0
import { basename } from 'node:path';
import { fileSource, ImageError } from '@latticra/disk-image';
import {
  type Inspection,
  inspect,
  requireDisk,
  requireInitramfs,
  requireIso,
  requireKernel,
  requireKind,
  requireQcow2,
  requireTar,
} from '@latticra/disk-image/inspect';
import { measureAndUse, measureFile, withStableFile } from '@latticra/held-files';
import { createArchiveFeed, TarError } from '@latticra/tar';
import { SbomError } from '../error.js';
import { collectRecords } from './collect.js';
import { type OperatingSystem, readSystem } from './system.js';
import type { MeasuredArtifact, SystemArtifact } from './system-sbom.js';

/** Takes the number of bytes that each step has read. */
type OnBytes = (count: number) => void;

/** A root as it was measured, and the system that was found in it. */
export interface MeasuredRoot {
  readonly system: OperatingSystem;
  readonly artifact: MeasuredArtifact;
}

/**
 * Measures the archive of a root, and reads in the same pass which packages are in it.
 * @throws ImageError for what is no archive; SbomError `unreadable`; HeldFileError as `measureFile`
 */
export async function measureRoot(
  path: string,
  onBytes: OnBytes = () => {},
  signal?: AbortSignal,
): Promise<MeasuredRoot> {
  // For the reason alone: a page or an image that came in its place is named as what it is.
  await withStableFile(path, ({ fd, size }) => {
    const inspection = inspect(fileSource(fd, size));
    return under(path, () => requireTar(inspection));
  });
  const collector = collectRecords();
  const feed = createArchiveFeed(collector);
  try {
    const { size, sha256 } = await measureFile(path, {
      onBytes,
      signal,
      onChunk: (bytes) => feed.push(bytes),
    });
    const { members, compression } = await feed.end();
    const comment = `${compression === 'gzip' ? 'tar.gz' : 'tar'} of ${members} members`;
    return {
      system: readSystem(collector.finish()),
      artifact: { artifact: 'rootfs', name: basename(path), size, sha256, comment },
    };
  } catch (cause) {
    if (!(cause instanceof TarError) && !(cause instanceof SbomError)) throw cause;
    throw new SbomError('unreadable', `${path}: ${cause.message}`, {
      cause,
      ...(cause.fix !== undefined && { fix: cause.fix }),
    });
  }
}

/** What each artifact has to be, and what is to be said of it. */
const LOOKS: Readonly<
  Record<Exclude<SystemArtifact, 'rootfs'>, (inspection: Inspection) => string | undefined>
> = {
  iso(inspection) {
    requireIso(inspection);
    return undefined;
  },
  'vm-image'(inspection) {
    if (inspection.kind === 'qcow2') requireQcow2(inspection);
    else requireDisk(inspection);
    return inspection.kind === 'qcow2' ? 'qcow2' : 'raw';
  },
  kernel(inspection) {
    requireKernel(inspection);
    return undefined;
  },
  initramfs(inspection) {
    requireInitramfs(inspection);
    return undefined;
  },
  efi(inspection) {
    const { facts } = requireKind(inspection, ['uki', 'pe'], 'an EFI program');
    const version = inspection.kind === 'uki' ? inspection.facts?.kernel?.version : undefined;
    const signature = facts?.signed === true ? 'with a signature, which is not verified here' : 'unsigned';
    return version === undefined ? signature : `Linux ${version}, ${signature}`;
  },
};

/**
 * Measures a file of a release in one pass, and looks into it: what is something else than it is called is refused.
 * @throws ImageError as the `require…` functions of inspect; HeldFileError as `measureFile`
 */
export function measureArtifact(
  artifact: Exclude<SystemArtifact, 'rootfs'>,
  path: string,
  onBytes: OnBytes = () => {},
  signal?: AbortSignal,
): Promise<MeasuredArtifact> {
  return measureAndUse(
    path,
    ({ fd }, { size, sha256 }) => {
      const inspection = inspect(fileSource(fd, size));
      const comment = under(path, () => LOOKS[artifact](inspection));
      const version =
        artifact === 'kernel' && inspection.kind === 'linux' ? inspection.facts?.version : undefined;
      return {
        artifact,
        name: basename(path),
        size,
        sha256,
        ...(version !== undefined && { version }),
        ...(comment !== undefined && { comment }),
      };
    },
    { onBytes, signal },
  );
}

/** Returns what `require` does; what it refuses is told with the path. @throws ImageError */
function under<T>(path: string, require: () => T): T {
  try {
    return require();
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new ImageError(cause.code, `${path}: ${cause.message}`, {
      cause,
      ...(cause.fix !== undefined && { fix: cause.fix }),
    });
  }
}
