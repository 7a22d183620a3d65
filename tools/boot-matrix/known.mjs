// SPDX-License-Identifier: Apache-2.0
/**
 * Whether all records are there that Nx would bring out of its cache: a run leaves the digests of all that the records depend on and of the
 * records, and the next one compares. Nx takes longer to read the workspace than everything else takes together.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const STATE = 'build/boot-matrix/known.json';

/** What a record depends on besides the machine, and what is left of a run; from the workspace's root. */
const DEPENDS_ON = [
  'nx.json',
  'packages/boot-cases/nx.mjs',
  'packages/boot-cases/outside-inputs.mjs',
  'tools/boot-matrix',
  'build/boot-matrix/images',
  'apps/boot-matrix/dist',
  'apps/boot-seed-build/dist',
  'apps/boot-seed-vm-image-build/dist',
];
const RECORDS = 'build/boot-matrix/records';

/**
 * Keeps what there is now: after a run that went well.
 * @param root the workspace's folder
 * @param machine what the records depend on of the machine, in a text
 */
export function keepKnown(root, machine) {
  const file = join(root, STATE);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ now: digestOf(machine, digestFiles(root)) }));
}

/** Forgets what was kept: before a run, which may fail in the middle. */
export function forgetKnown(root) {
  rmSync(join(root, STATE), { force: true });
}

/** Returns whether a run that went well left what it knows. */
export const isAnythingKnown = (root) => existsSync(join(root, STATE));

/**
 * Returns whether there are records, and everything is as it was kept.
 * @param files what {@link digestFiles} returned
 */
export function isKnown(root, machine, files = digestFiles(root)) {
  let kept;
  try {
    kept = JSON.parse(readFileSync(join(root, STATE), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
  return kept?.now === digestOf(machine, files);
}

const digestOf = (machine, files) =>
  createHash('sha256')
    .update(JSON.stringify([process.version, machine, files]))
    .digest('hex');

/** Returns one digest of names and contents of all files that records depend on, and of the records. */
export function digestFiles(root) {
  const sum = createHash('sha256');
  for (const file of [...DEPENDS_ON, RECORDS].flatMap((path) => filesIn(root, path))) {
    const content = readFileSync(join(root, file));
    // Framed, so that no content passes for another name.
    sum.update(JSON.stringify([file, content.length])).update(content);
  }
  return sum.digest('hex');
}

/** Lists a file, or all files in a folder, in one order; what is not there has none. */
function filesIn(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesIn(root, `${path}/${name}`));
}
