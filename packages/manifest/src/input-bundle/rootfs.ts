// SPDX-License-Identifier: Apache-2.0
import { type Measurement, measureFile } from '@latticra/held-files';
import { ManifestError } from '../error.js';
import { FORMAT_BYTES, rootfsFormat } from './archive-format.js';
import { createGunzipFeed } from './gunzip.js';
import type { MeasureInput } from './measure.js';
import type { RootfsFormat } from './schema.js';
import { checkTar, type TarSummary } from './tar/check.js';

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
 *   on behind its end, or has a member that would land outside or means different things to different readers
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
    check = checkArchive(path, rootfsFormat(path, bytes, declared));
    return check.push(bytes);
  };
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
}

interface ArchiveCheck {
  push(bytes: Uint8Array): Promise<void> | undefined;
  end(): Promise<Omit<CheckedRootfs, 'measurement'>>;
}

function checkArchive(path: string, format: RootfsFormat): ArchiveCheck {
  const refuse = (reason: string, cause?: unknown) =>
    new ManifestError('archive', `${path}: ${reason}`, {
      cause,
      fix: `make it again from the root file system, as with tar -C <folder> -cf <archive> .`,
    });
  const tar = checkTar(refuse);
  const summary = ({ members }: TarSummary) => ({ format, members });
  if (format === 'tar') {
    return {
      push(bytes) {
        tar.push(bytes);
        return undefined;
      },
      end: async () => summary(tar.end()),
    };
  }
  const gunzip = createGunzipFeed(
    (bytes) => tar.push(bytes),
    (reason, cause) => refuse(`gzip, in ${tar.where()}: ${reason}`, cause),
  );
  return {
    push: (bytes) => gunzip.push(bytes),
    async end() {
      await gunzip.end();
      return summary(tar.end());
    },
  };
}
