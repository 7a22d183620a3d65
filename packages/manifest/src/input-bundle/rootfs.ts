// SPDX-License-Identifier: Apache-2.0
import { type Measurement, measureFile } from '@latticra/held-files';
import { createGunzipFeed, TarError, walkTar } from '@latticra/tar';
import { ManifestError } from '../error.js';
import { FORMAT_BYTES, rootfsFormat } from './archive-format.js';
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
 * Measures the archive of a root file system and, in the same pass, checks it to its end without unpacking it.
 * @param declared what it was said to be; whatever its content says when left out
 * @throws ManifestError `format` when it is not that, or neither tar nor gzip; `archive` when it is damaged, goes
 *   on behind its end, or has a member that would land outside or that tars unpack differently
 * @throws HeldFileError as `measureFile`
 */
export async function checkRootfs(
  path: string,
  declared: RootfsFormat | undefined,
  measure: MeasureInput = measureFile,
): Promise<CheckedRootfs> {
  let check: ArchiveCheck | undefined;
  let head = new Uint8Array(0);
  const begin = (bytes: Uint8Array) => {
    check = checkArchive(rootfsFormat(path, bytes, declared));
    return check.push(bytes);
  };
  try {
    const measurement = await measure(path, {
      onChunk(bytes) {
        if (check !== undefined) return check.push(bytes);
        head = Buffer.concat([head, bytes]);
        return head.length < FORMAT_BYTES ? undefined : begin(head);
      },
    });
    if (check === undefined) await begin(head);
    if (check === undefined)
      throw new ManifestError('format', `${path}: expected tar or tar.gz, found nothing`);
    return { measurement, ...(await check.end()) };
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    throw new ManifestError('archive', `${path}: ${cause.message}`, {
      cause,
      ...(cause.fix !== undefined && { fix: cause.fix }),
    });
  }
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
