// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSource } from '@latticra/disk-image';
import {
  findModuleFiles,
  type LinuxKernelFile,
  type ModuleFiles,
  planRoot,
  type RootMode,
  type RootPlan,
  readModules,
  scanRoot,
  type WrittenRoot,
  writeRoot,
} from '@latticra/linux-image';
import { collectRecords, type OperatingSystem, readSystem } from '@latticra/sbom/root';
import type { TarVisitor } from '@latticra/tar';
import { openedSource } from '../opened-source.js';
import { assertExpected, type HeldInput, passRoot } from './inputs.js';
import type { BuildOptions } from './options.js';

/** The image of a root in a file of its own, and all that was found on the way. */
export interface BuiltRoot extends Omit<WrittenRoot, 'files'> {
  readonly plan: RootPlan;
  readonly source: ByteSource;
  /** Of the archive as it was given: lower-case hexadecimal. */
  readonly archiveSha256: string;
  readonly format: 'tar' | 'tar.gz';
  readonly modules: Awaited<ReturnType<typeof readModules>>;
  readonly missingDrivers: ModuleFiles['missingDrivers'];
  readonly system: OperatingSystem;
}

/** Shows the same members to several visitors. */
function together(...visitors: Required<TarVisitor>[]): TarVisitor {
  return {
    onMember(member) {
      for (const visitor of visitors) visitor.onMember(member);
    },
    onContent(piece) {
      for (const visitor of visitors) visitor.onContent(piece);
    },
  };
}

/**
 * Makes the image of a root in the private folder of a build, and lets `use` read it. Its archive goes by twice: once for
 * names and sizes, which decide where everything lies, and once for contents.
 * @throws LinuxReleaseError, LinuxImageError, SbomError
 */
export async function withRoot<T>(
  held: HeldInput,
  kernel: LinuxKernelFile,
  mode: RootMode,
  { folder, options }: { readonly folder: string; readonly options: BuildOptions },
  use: (root: BuiltRoot) => Promise<T>,
): Promise<T> {
  const { tracker, signal, epoch } = options;
  const scan = scanRoot();
  const records = collectRecords();
  await tracker.track('reading the root', (onBytes) =>
    passRoot(held, together(scan, records), { onBytes, signal }),
  );
  const scanned = scan.finish();
  const { load, missingDrivers } = findModuleFiles(mode, kernel.release, scanned.modulePaths, (path) =>
    scanned.moduleLists.get(path),
  );
  const system = readSystem(records.finish());
  const plan = planRoot(scanned, mode, epoch);
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const path = join(folder, 'root.img');
  const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const source = openedSource(path, fd, plan.size);
    const stored = (file: string) => scanned.sameFile.get(file) ?? file;
    const writer = writeRoot(plan, new Set(load.map(stored)), {
      write(bytes, offset) {
        for (let done = 0; done < bytes.length; )
          done += writeSync(fd, bytes, done, bytes.length - done, offset + done);
      },
      readInto: (into, offset) => source.readInto(into, offset),
    });
    const archive = createHash('sha256');
    const { format } = await tracker.track('writing the root', (onBytes) =>
      passRoot(held, writer, { onBytes, signal, onPiece: (bytes) => archive.update(bytes) }),
    );
    const archiveSha256 = archive.digest('hex');
    assertExpected(held.input, archiveSha256);
    const { files, ...written } = writer.finish();
    const modules = await readModules(load, (path) => files.get(stored(path)) ?? new Uint8Array(0));
    return await use({
      ...written,
      plan,
      source,
      archiveSha256,
      format,
      modules,
      missingDrivers,
      system,
    });
  } finally {
    closeSync(fd);
  }
}
