// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, Failure } from '@latticra/failure';
import { measureFile } from '@latticra/held-files';
import { safeName } from '@latticra/held-files/anchor';
import type { Marker } from '../policy/marker.js';
import { createMarkerScan, type MarkerScan } from '../policy/scan.js';
import { isArtifact } from './artifact.js';
import { type Collector, createCollector, type Scope, type ScopeRules } from './collect.js';
import { CHUNK_BYTES, failureText } from './read-file.js';

/** What is looked at, and how. */
export interface PathWalkOptions extends ScopeRules {
  /** The project root, absolute. */
  readonly root: string;
  readonly markers: readonly Marker[];
  readonly onBytes: (count: number) => void;
  readonly onFiles: (count: number) => void;
}

/**
 * The same as `walkScope`, by plain paths: whoever may rename folders meanwhile can have other files read. For the
 * legacy lane alone.
 */
export async function walkPaths(options: PathWalkOptions): Promise<Scope> {
  const collector = createCollector(options);
  const scan = createMarkerScan(options.markers, CHUNK_BYTES);
  const { dev } = await stat(options.root, { bigint: true });
  const goInto = async (prefix: string): Promise<void> => {
    for (const bytes of await listNames(join(options.root, prefix), prefix, collector)) {
      const name = collector.attempt(() => safeName(bytes, prefix));
      if (name === undefined) continue;
      const path = prefix + name;
      const file = join(options.root, path);
      const stats = await lstat(file, { bigint: true }).catch((error: unknown) =>
        noStats(path, error, collector),
      );
      if (stats === undefined || !collector.see(path, name, stats)) continue;
      if (stats.dev !== dev) collector.incomplete(`${path}: is on another file system`);
      else if (stats.isDirectory()) await goInto(`${path}/`);
      else {
        collector.add(path, await readFile(file, path, scan, options.onBytes));
        options.onFiles(1);
      }
    }
  };
  await goInto('');
  return collector.finish();
}

async function listNames(folder: string, prefix: string, collector: Collector): Promise<Buffer[]> {
  try {
    return await readdir(folder, { encoding: 'buffer' });
  } catch (error) {
    collector.incomplete(`${prefix === '' ? '.' : prefix.slice(0, -1)}: ${systemReason(error)}`);
    return [];
  }
}

function noStats(path: string, error: unknown, collector: Collector): BigIntStats | undefined {
  // As in `walkScope`: what another run took away was no evidence.
  if (errnoOf(error) === 'ENOENT' && isArtifact(path)) return undefined;
  collector.incomplete(`${path}: ${systemReason(error)}`);
  return undefined;
}

/** Without the call and the absolute path that Node puts behind it. */
function systemReason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(',', 1)[0] ?? '';
}

async function readFile(file: string, path: string, scan: MarkerScan, onBytes: (count: number) => void) {
  try {
    scan.begin();
    const { sha256 } = await measureFile(file, {
      onBytes,
      onChunk: (bytes) => {
        scan.add(bytes);
        return undefined;
      },
    });
    return { sha256, found: scan.found() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const text = failureText(error);
    return { failure: text.startsWith(`${file}:`) ? path + text.slice(file.length) : text };
  }
}
