// SPDX-License-Identifier: Apache-2.0
/**
 * The other process of the tests: does one thing to the path it is given and says on stdout how it ended.
 * Usage: script.mjs <what> <path>
 */
import { join } from 'node:path';
import {
  copyAndSum,
  ensureFolder,
  HeldFileError,
  measureFile,
  stageFolder,
  withTemporaryFolder,
  writeFileAtomic,
} from '../src/index.js';

const CHUNK = Buffer.alloc(1 << 16, 'n');

/** Yields three chunks, with something happening before the last. */
function* interrupted(event: () => void): Generator<Uint8Array> {
  yield CHUNK;
  yield CHUNK;
  event();
  yield CHUNK;
}

const WORK: Record<string, (path: string) => Promise<unknown>> = {
  measure: (path) => measureFile(path),
  write: (path) =>
    writeFileAtomic(
      path,
      interrupted(() => undefined),
    ),
  'write-exit': (path) =>
    writeFileAtomic(
      path,
      interrupted(() => process.exit(3)),
    ),
  'write-kill': (path) =>
    writeFileAtomic(
      path,
      interrupted(() => process.kill(process.pid, 'SIGKILL')),
    ),
  'stage-exit': (path) =>
    stageFolder(path, async (staging) => {
      await writeFileAtomic(join(staging, 'a'), 'a');
      process.exit(3);
    }),
  'stage-copy': (path) =>
    stageFolder(path, async (staging) => {
      const copy = join(staging, 'a');
      const { sha256 } = await copyAndSum(`${path}.large`, copy);
      const found = await measureFile(copy, { fromDisk: true });
      if (found.sha256 !== sha256)
        throw new HeldFileError('changed', copy, 'has other bytes than were summed');
    }),
  folder: (path) => ensureFolder(path),
  'temporary-exit': (path) =>
    withTemporaryFolder(path, async (folder) => {
      await writeFileAtomic(join(folder, 'a'), 'a');
      process.exit(3);
    }),
  'stage-kill': (path) =>
    stageFolder(path, async (staging) => {
      await writeFileAtomic(join(staging, 'a'), 'a');
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    }),
};

const [what = '', path = ''] = process.argv.slice(2);
try {
  await WORK[what]?.(path);
  process.stdout.write('done\n');
} catch (error) {
  if (!(error instanceof HeldFileError)) throw error;
  process.stdout.write(`${error.code} ${error.kind}: ${error.message}\n`);
}
