// SPDX-License-Identifier: Apache-2.0
import { createHash, hash } from 'node:crypto';
import { BootCaseError, type VerifiedRecord, verifyHeld } from '@latticra/boot-cases';
import { HeldFileError, type KeptMeasurements } from '@latticra/held-files';
import { type AnchoredFolder, measureHeld, openAnchor } from '@latticra/held-files/anchor';
import { classify } from './classify.js';
import { type DocumentFile, type EvidenceFile, isDocument } from './content.js';
import { RECORD } from './titles.js';
import { tooMany, walk } from './walk.js';

/** The most bytes of text of all documents together that are held at once. */
const MAX_TEXT_BYTES = 256 << 20;

/** What became of a boot record when everything that it says was derived again. */
export type RecordCheck = { readonly verified: VerifiedRecord } | { readonly reason: string };

/** A folder of evidence: every file of it measured, and found to be what it is. */
export interface Evidence {
  /** In the order of the bytes of their paths. */
  readonly files: readonly EvidenceFile[];
  /** The digest of the list of the files, as `sha256sum` would write it. */
  readonly listSha256: string;
  /** By the path of the record. */
  readonly records: ReadonlyMap<string, RecordCheck>;
  /** Reads a file again. @throws HeldFileError `changed` where it is no longer what was measured; `too-large` */
  readonly again: (file: EvidenceFile, maxBytes: number) => Buffer;
}

/** How a folder is read. */
export interface ReadOptions {
  /**
   * Paths, from the folder, of files that are no evidence: the page that is to be replaced, and what follows from it. A function is asked
   * of files and folders, and what it says yes to is not looked at: for what comes and goes meanwhile.
   */
  readonly leaveOut?: string | readonly string[] | ((path: string) => boolean) | undefined;
  /** Receives the number of bytes that each step read. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** What was measured before: a file that is still one of those is looked into, and not measured again. */
  readonly known?: KeptMeasurements | undefined;
}

/**
 * Reads a folder of evidence, holds it, and gives it to `use`.
 * @throws EvidenceReportError `claim`, `link`, `too-many`; HeldFileError
 */
export async function withEvidence<T>(
  folder: string,
  { leaveOut, onBytes, known }: ReadOptions,
  use: (evidence: Evidence) => T,
): Promise<T> {
  const isLeftOut = typeof leaveOut === 'function' ? leaveOut : among([leaveOut ?? []].flat());
  const root = openAnchor(folder);
  try {
    const files: EvidenceFile[] = [];
    const records = new Map<string, RecordCheck>();
    let text = 0;
    const take = (bytes: number) => {
      text += bytes;
      if (text > MAX_TEXT_BYTES)
        throw tooMany(`${folder}: more than ${MAX_TEXT_BYTES >> 20} MiB of documents`);
    };
    const visit = async (inner: AnchoredFolder, name: string, path: string) => {
      const file = await readFile(inner, name, path, take, { onBytes, known });
      files.push(file);
      if (isDocument(file, RECORD)) records.set(path, checkRecord(inner, file));
    };
    await walk(root, visit, isLeftOut);
    files.sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
    const list = createHash('sha256');
    for (const { sha256, path } of files) list.update(`${sha256}  ${path}\n`);
    return use({
      files,
      listSha256: list.digest('hex'),
      records,
      again: (file, max) => readAgain(root, file, max),
    });
  } finally {
    root.close();
  }
}

const among = (paths: readonly string[]) => (path: string) => paths.includes(path);

async function readFile(
  folder: AnchoredFolder,
  name: string,
  path: string,
  take: (bytes: number) => void,
  { onBytes, known }: Pick<ReadOptions, 'onBytes' | 'known'>,
): Promise<EvidenceFile> {
  const held = folder.openFile(name);
  try {
    const { size, sha256, head } = await measureHeld(held, { known, ...(onBytes && { onBytes }) });
    const content = classify(held, head, take);
    return { path, folder: path.slice(0, -name.length - 1), name, size, sha256, content };
  } finally {
    held.close();
  }
}

/**
 * Returns whether an error is about what the folder holds. One that is about reading it is thrown: a disk that fails must not make evidence
 * look broken.
 */
function saysOfRecord(error: unknown): error is Error {
  if (error instanceof BootCaseError) return true;
  return error instanceof HeldFileError && ['not-regular', 'hard-linked', 'too-large'].includes(error.code);
}

function checkRecord(folder: AnchoredFolder, { name, sha256 }: DocumentFile): RecordCheck {
  if (name !== 'record.txt') return { reason: `is named ${name}, and a record is named record.txt` };
  try {
    const verified = verifyHeld(folder);
    return verified.sha256 === sha256 ? { verified } : { reason: 'changed while it was read' };
  } catch (error) {
    if (!saysOfRecord(error)) throw error;
    // The folder's own path is no part of the reason: it is another on every machine.
    const prefix = `${folder.path}/`;
    return { reason: error.message.replaceAll(prefix, '').replace(/^record\.txt: /, '') };
  }
}

function readAgain(root: AnchoredFolder, { path, sha256 }: EvidenceFile, maxBytes: number): Buffer {
  const names = path.split('/');
  const opened: { close(): void }[] = [];
  try {
    let folder = root;
    for (const name of names.slice(0, -1)) {
      folder = folder.openFolder(name);
      opened.push(folder);
    }
    const file = folder.openFile(names.at(-1) ?? '');
    opened.push(file);
    const bytes = file.bytes(maxBytes);
    if (hash('sha256', bytes) !== sha256)
      throw new HeldFileError('changed', path, 'changed while it was read');
    return bytes;
  } finally {
    for (const each of opened.reverse()) each.close();
  }
}
