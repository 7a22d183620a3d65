// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sliceSource } from '@latticra/disk-image';
import { createNewFile } from '@latticra/held-files';
import type { Digests } from '@latticra/held-files/digest';
import {
  findModuleFiles,
  type LinuxKernelFile,
  type ModuleFiles,
  planRoot,
  type RootMode,
  type RootPlan,
  type RootScan,
  readModules,
  scanRoot,
  type WrittenRoot,
  writeRoot,
} from '@latticra/linux-image';
import { collectRecords, type OperatingSystem, type RecordCollector, readSystem } from '@latticra/sbom/root';
import type { TarVisitor } from '@latticra/tar';
import { openedSource } from '../opened-source.js';
import { rootHome } from './home.js';
import type { HousedRoot } from './images.js';
import { assertExpected, type HeldFile } from './inputs.js';
import type { BuildOptions } from './options.js';
import { passArchive, scanArchive } from './pass.js';

/** The image of a root where it was written, and all that was found on the way. */
export interface BuiltRoot extends Omit<WrittenRoot, 'files'>, HousedRoot {
  readonly plan: RootPlan;
  /** Of the archive as it was given: lower-case hexadecimal. */
  readonly archiveSha256: string;
  readonly format: 'tar' | 'tar.gz';
  readonly modules: Awaited<ReturnType<typeof readModules>>;
  readonly missingDrivers: ModuleFiles['missingDrivers'];
  readonly system: OperatingSystem;
}

/** Shows the same members to both, and headers to the one that digests them. */
function together(scan: RootScan, records: RecordCollector): TarVisitor {
  const visitors = [scan, records];
  return {
    onHeader: scan.onHeader,
    onMember(member) {
      for (const visitor of visitors) visitor.onMember(member);
    },
    wantsContent: () => visitors.some((visitor) => visitor.wantsContent()),
    onContent(piece) {
      for (const visitor of visitors) visitor.onContent(piece);
    },
  };
}

/** What a root is built with. */
interface RootBuild {
  /** The private folder of the build. */
  readonly folder: string;
  readonly options: BuildOptions;
  readonly digests: Digests;
}

/**
 * Makes the image of a root in the private folder of a build, where it belongs in one of the images, and lets `use` read it. Its archive goes by twice: once for
 * names and sizes, which decide where everything lies, and once for contents.
 * @throws LinuxReleaseError, LinuxImageError, SbomError
 */
export async function withRoot<T>(
  held: HeldFile,
  kernel: LinuxKernelFile,
  mode: RootMode,
  { folder, options, digests }: RootBuild,
  use: (root: BuiltRoot) => Promise<T>,
): Promise<T> {
  const { tracker, signal, epoch } = options;
  const scan = scanRoot();
  const records = collectRecords();
  const whole = digests.file(held.fd);
  await tracker.track(
    'reading the root',
    (onBytes) => scanArchive(held, together(scan, records), { onBytes, signal }),
    held.source.size,
  );
  const scanned = scan.finish();
  const { load, missingDrivers } = findModuleFiles(mode, kernel.release, scanned.modulePaths, (path) =>
    scanned.moduleLists.get(path),
  );
  const system = readSystem(records.finish());
  const plan = planRoot(scanned, mode, epoch);
  const { format, name, offset } = rootHome(plan.size, options);
  const file = await createNewFile(join(folder, name));
  try {
    // To its end there is nothing but the root.
    const source = sliceSource(openedSource(file.path, file.fd, offset + plan.size), offset, plan.size);
    const stored = (path: string) => scanned.sameFile.get(path) ?? path;
    const target = {
      write: (bytes: Uint8Array, at: number) => file.write(bytes, offset + at),
      readInto: source.readInto,
    };
    const writer = writeRoot(plan, new Set(load.map(stored)), target, digests);
    const archive = await tracker.track(
      'writing the root',
      (onBytes) =>
        passArchive(held, writer, whole, digests.rooms[0], { onBytes, signal, onPiece: file.syncEarly }),
      held.source.size,
    );
    assertExpected(held.input, archive.sha256);
    const { files, ...written } = writer.finish();
    const modules = await readModules(load, (path) => files.get(stored(path)) ?? new Uint8Array(0));
    return await use({
      ...written,
      plan,
      source,
      file,
      archiveSha256: archive.sha256,
      format: archive.format,
      modules,
      missingDrivers,
      system,
    });
  } finally {
    await file.close();
    if (format === undefined) await rm(file.path);
  }
}
