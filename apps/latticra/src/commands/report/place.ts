// SPDX-License-Identifier: Apache-2.0
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { HeldFileError } from '@latticra/held-files';

/** How every page of this tool begins, up to the name of the tool. */
const HEAD = '<!DOCTYPE html>';
const GENERATOR = '<meta name="generator" content="latticra evidence-report ';
const HEAD_BYTES = 4096;

/**
 * Finds out where in the folder of evidence the page goes, so that an earlier one is not read as evidence. Both paths are absolute.
 * @returns the path from the folder; undefined where it goes elsewhere
 * @throws HeldFileError `exists` for a file of the folder that no earlier run wrote: a page must not replace evidence
 */
export async function placeInFolder(folder: string, output: string): Promise<string | undefined> {
  const [root, parent] = await Promise.all(
    [folder, dirname(output)].map((path) => realpath(path).catch(() => undefined)),
  );
  if (root === undefined || parent === undefined) return undefined;
  const way = relative(root, join(parent, basename(output)));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  const head = await readHead(output);
  if (head === undefined || (head.startsWith(HEAD) && head.includes(GENERATOR)))
    return way.split(sep).join('/');
  throw new HeldFileError('exists', output, 'is evidence, and no page that is to be replaced', {
    fix: 'name another --output',
  });
}

/** Reads the beginning of a file; undefined where there is none. */
async function readHead(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}
