// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { ByteSource } from '@latticra/disk-image';
import { EvidenceError, escapeControls, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { type AnchoredFile, openAnchor, type ReadableFolder } from '@latticra/held-files/anchor';
import { signaturePath } from '@latticra/signature';
import { openedSource } from '../opened-source.js';
import { type BuildRecord, buildRecord } from '../record/schema.js';
import { namesOf } from './names.js';
import { refused } from './refuse.js';

/** A release whose files are held through its folder: no path leads out of it, and no link is followed. */
export interface HeldRelease {
  /** The record's name in the folder. */
  readonly name: string;
  readonly record: BuildRecord;
  /** Of the record itself, in lower-case hexadecimal. */
  readonly sha256: string;
  /** Names of what lies in the folder and is no part of the release. */
  readonly added: readonly string[];
  /** Opens a file of the release. @throws HeldFileError */
  source(name: string): ByteSource;
  /** Reads a file of the release whole. @throws HeldFileError, `too-large` for more than `maxBytes` */
  bytes(name: string, maxBytes: number): Uint8Array;
}

/**
 * Holds a release while `use` looks at it, and makes sure afterwards that every file was the same all along.
 * @param path of its record
 * @param given its folder where that is held already, which stays open; it is opened by the path unless given
 * @throws HeldFileError; LinuxReleaseError `record-differs` for a record that is none, or names other files than a release has
 */
export async function holdRelease<T>(
  path: string,
  use: (release: HeldRelease) => Promise<T>,
  given?: ReadableFolder,
): Promise<T> {
  const folder = given ?? openAnchor(dirname(path));
  const files = new Map<string, AnchoredFile>();
  const open = (name: string) => {
    const file = files.get(name) ?? folder.openFile(name);
    files.set(name, file);
    return file;
  };
  try {
    const name = basename(path);
    const bytes = open(name).bytes(MAX_DOCUMENT_BYTES);
    const record = parse(name, bytes);
    const result = await use({
      name,
      record,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      added: addedTo(folder, new Set([name, signaturePath(name), ...namesOf(name, record)])),
      source(wanted) {
        const { path, fd, size } = open(wanted);
        return openedSource(path, fd, size);
      },
      bytes: (wanted, maxBytes) => open(wanted).bytes(maxBytes),
    });
    for (const file of files.values()) file.assertUnchanged();
    return result;
  } finally {
    for (const file of files.values()) file.close();
    if (given === undefined) folder.close();
  }
}

function parse(name: string, bytes: Uint8Array): BuildRecord {
  try {
    return buildRecord.parse(bytes);
  } catch (cause) {
    throw cause instanceof EvidenceError ? refused(name, cause.message, { cause }) : cause;
  }
}

function addedTo(folder: ReadableFolder, known: ReadonlySet<string>): string[] {
  return [...folder.list().names]
    .map((name) => escapeControls(Buffer.from(name).toString('utf8')))
    .filter((name) => !known.has(name));
}
