// SPDX-License-Identifier: Apache-2.0
/** What a running system sees of its root, beside what the archive says that it was made of. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a test of listings needs. */
export const LISTING_TOOLS = ['cc', 'python3'];

const source = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** Builds the program that lists a tree; it needs no libraries. */
export function buildLister(folder: string): Uint8Array {
  const path = join(folder, 'lister');
  execFileSync('cc', ['-static', '-O2', '-Wall', '-Werror', '-s', '-o', path, source('lister.c')]);
  return readFileSync(path);
}

/** Returns a line for each file of an uncompressed archive, sorted. */
export function expectedListing(archive: string): string[] {
  const text = execFileSync('python3', [source('expected.py'), archive], {
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  return linesOf(text).sort();
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

/** Writes a path as the lister does. */
const shown = (path: string) =>
  path.replace(/[^!-~]|[%=]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Reads a line of sha256sum; coreutils begins one with a backslash where it put one in front of those in the name. */
function readSum(line: string): readonly [path: string, digest: string] {
  if (!line.startsWith('\\')) return [shown(line.slice(68)), line.slice(0, 64)];
  return [shown(line.slice(69).replaceAll('\\\\', '\\')), line.slice(1, 65)];
}

/**
 * Returns a line for each file that a system listed on its second serial line, sorted. Fails where the list has no end.
 * @param serial bytes of that line, as latin1
 */
export function seenListing(serial: string): string[] {
  const [, tree, sums] =
    /^LISTING\n([\s\S]*)^DIGESTS\n([\s\S]*)^END\n$/m.exec(serial.replaceAll('\r', '')) ?? [];
  if (tree === undefined || sums === undefined) throw new Error(`no whole listing: ${serial.slice(-500)}`);
  const digests = new Map(linesOf(sums).map(readSum));
  return linesOf(tree)
    .map((line) => {
      const [path = '', mode = '', uid, gid, links, size, time, device, target, ...attributes] =
        line.split(' ');
      const attributed = [target, ...attributes.sort()].join(' ');
      const digest = /^10\d{4}$/.test(mode) ? digests.get(path) : '-';
      return [path, mode, uid, gid, links, size, time, device, attributed, digest].join(' ');
    })
    .sort();
}
