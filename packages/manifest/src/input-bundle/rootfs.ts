// SPDX-License-Identifier: Apache-2.0
import { type FilePlace, type Measurement, measureOpen, withStableFile } from '@latticra/held-files';
import { createGunzipFeed, TarError, walkTar } from '@latticra/tar';
import { ManifestError } from '../error.js';
import { inspectOpen, requireContent } from '../inspected.js';
import { requireRootfs } from './content.js';
import type { MeasureInput } from './measure.js';
import type { RootfsFormat } from './schema.js';

/** A root file system that was read from beginning to end and is sound. */
export interface CheckedRootfs {
  readonly measurement: Measurement;
  readonly format: RootfsFormat;
  /** How many files, folders, links and devices it holds. */
  readonly members: number;
}

/**
 * Looks into the archive of a root file system, measures it and, in the same pass, checks it to its end without unpacking it: all
 * through one descriptor.
 * @param declared what it was said to be; whatever its content says when left out
 * @throws ManifestError `format` when it is not that, or neither tar nor gzip of tar; `archive` when it is damaged, goes
 *   on behind its end, or has a member that would land outside or that tars unpack differently
 * @throws HeldFileError as `withStableFile`
 */
export function checkRootfs(
  place: FilePlace,
  declared: RootfsFormat | undefined,
  measure: MeasureInput = measureOpen,
  signal?: AbortSignal,
): Promise<CheckedRootfs> {
  return withStableFile(place, async (file) => {
    const format = requireContent(file.path, inspectOpen(file), requireRootfs);
    if (declared !== undefined && declared !== format) {
      throw new ManifestError('format', `${file.path}: expected ${declared}, found ${format} content`, {
        fix: `declare it as ${format}, or name the ${declared} file`,
      });
    }
    const check = checkArchive(format);
    try {
      const measurement = await measure(file, { signal, onChunk: (bytes) => check.push(bytes) });
      return { measurement, ...(await check.end()) };
    } catch (cause) {
      if (!(cause instanceof TarError)) throw cause;
      throw new ManifestError('archive', `${file.path}: ${cause.message}`, {
        cause,
        ...(cause.fix !== undefined && { fix: cause.fix }),
      });
    }
  });
}

interface ArchiveCheck {
  push(bytes: Uint8Array): Promise<void> | undefined;
  end(): Promise<Omit<CheckedRootfs, 'measurement'>>;
}

function checkArchive(format: RootfsFormat): ArchiveCheck {
  const tar = walkTar();
  if (format === 'tar') {
    return {
      push(bytes) {
        tar.push(bytes);
        return undefined;
      },
      end: async () => ({ format, ...tar.end() }),
    };
  }
  const gunzip = createGunzipFeed((bytes) => tar.push(bytes), tar.where);
  return {
    push: (bytes) => gunzip.push(bytes),
    async end() {
      await gunzip.end();
      return { format, ...tar.end() };
    },
  };
}
