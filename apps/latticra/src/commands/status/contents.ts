// SPDX-License-Identifier: Apache-2.0
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileSource } from '@latticra/disk-image';
import { type Inspection, inspect, type Kind, nameOf } from '@latticra/disk-image/inspect';
import {
  type EvidenceDocument,
  EvidenceError,
  MAX_DOCUMENT_BYTES,
  parseDocument,
} from '@latticra/evidence-format';
import { type Remains, readFailure, readStableFile, remainsIn, withStableFile } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import { isOperatorBundle } from '@latticra/operator-bundle';

/** A file of a folder, by its content. */
export interface Item {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly kind: Kind;
  /** In words. */
  readonly is: string;
  readonly inspection: Inspection;
  /** Of a text that is an evidence document. */
  readonly document: EvidenceDocument | undefined;
}

/** What lies in a folder, as far as it was looked at. */
export interface Contents {
  readonly items: readonly Item[];
  /** Folders that are operator bundles, relative; they are not looked into. */
  readonly bundles: readonly string[];
  /** Whether there is more than was looked at. */
  readonly omitted: boolean;
  /** What is half-written in it, as far as it was looked at, and beside it; absolute. */
  readonly remains: readonly Remains[];
}

/** A release has some dozens of files; more than this is another folder than was meant. */
const MAX_FILES = 400;
const MAX_DEPTH = 3;

/**
 * Looks at every file of a folder and three folders down, by content. Links are not followed, and what begins with a dot is not
 * looked at.
 * @throws HeldFileError for a folder or a file that cannot be read: whether anything is missing is unknown then
 */
export async function lookInto(folder: string): Promise<Contents> {
  const paths: string[] = [];
  const bundles: string[] = [];
  let omitted = false;
  const real = await realpath(folder).catch(() => folder);
  const remains = remainsIn(dirname(real), basename(real));
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
      throw readFailure(join(folder, below), error);
    });
    remains.push(...remainsIn(join(folder, below)));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isFile()) {
        if (paths.length < MAX_FILES) paths.push(path);
        else omitted = true;
      } else if (entry.isDirectory()) {
        if (await isOperatorBundle(join(folder, path))) bundles.push(path);
        else if (depth < MAX_DEPTH) await walk(path, depth + 1);
        else omitted = true;
      }
    }
  };
  if (await isOperatorBundle(folder)) bundles.push('');
  else await walk('', 0);
  const items: Item[] = [];
  for (const path of paths) items.push(await look(folder, path));
  return { items, bundles, omitted, remains };
}

async function look(folder: string, path: string): Promise<Item> {
  const place = fileBelow(folder, path);
  const inspection = await withStableFile(place, ({ fd, size }) => inspect(fileSource(fd, size)));
  const document =
    inspection.kind === 'text' && inspection.size <= MAX_DOCUMENT_BYTES
      ? await readDocument(folder, path)
      : undefined;
  const [problem] = inspection.problems;
  const what = document === undefined ? nameOf(inspection) : document.title;
  const is = problem === undefined ? what : `${what}, and contradicts it: ${problem.message}`;
  return { path, kind: inspection.kind, is, inspection, document };
}

/** Reads a text as an evidence document; undefined where it is another text. */
async function readDocument(folder: string, path: string): Promise<EvidenceDocument | undefined> {
  const { bytes } = await readStableFile(fileBelow(folder, path), { maxBytes: MAX_DOCUMENT_BYTES });
  try {
    const document = parseDocument(bytes);
    // A text of one line reads as a document of nothing but a title.
    return document.fields.length > 0 ? document : undefined;
  } catch (error) {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  }
}
