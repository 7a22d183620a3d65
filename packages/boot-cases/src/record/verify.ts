// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { type AnchoredFolder, openAnchor } from '@latticra/held-files/anchor';
import { findExpectationProblem, readSerial } from '@latticra/vm-run';
import { BootCaseError } from '../error.js';
import { caseName } from '../matrix/cases.js';
import { type RecordedCommand, readCommand } from './argv.js';
import { judge } from './judge.js';
import { recordProblem } from './machine.js';
import { phaseProblem } from './phases.js';
import {
  type BootRecord,
  bootRecord,
  type ParsedRecord,
  RECORD_FILE,
  type RecordedFile,
  type Verdict,
} from './record.js';

/** A record that agrees with the files beside it. */
export interface VerifiedRecord {
  /** The folder of the record. */
  readonly folder: string;
  /** The digest of the record itself, 64 hexadecimal digits, which identifies it. */
  readonly sha256: string;
  readonly record: BootRecord;
  readonly command: RecordedCommand;
  readonly verdict: Verdict;
}

/** A size beyond that of any log that vm-run keeps, and of a screenshot. */
const MAX_FILE_BYTES = 32 << 20;

/** The files beside a record and itself, by their bare names, however they are read. */
export interface RecordFiles {
  /** Of the folder, for messages. */
  readonly path: string;
  has(name: string): boolean;
  /** Reads a file whole. @throws for one of more than `maxBytes`, and for anything else than a file */
  read(name: string, maxBytes: number): Uint8Array;
}

/**
 * Reads the record in a folder and derives again what it says: the digest of every file, the name of its case and the command from the
 * facts, the machine from QEMU's version, and the outcome from the log. Refuses a link in place of a file: nothing outside the folder is evidence.
 * @throws BootCaseError `bad-record` naming the folder, and what does not agree
 * @throws HeldFileError for a record that is missing, and for anything else than a file
 */
export function verifyRecord(folder: string): VerifiedRecord {
  const held = openAnchor(folder);
  try {
    return verifyHeld(held);
  } finally {
    held.close();
  }
}

/** Does what `verifyRecord` does, for a folder that is held already. @internal */
export function verifyHeld(folder: AnchoredFolder): VerifiedRecord {
  return verifyRecordFiles({
    path: folder.path,
    has: (name) => folder.lstat(name) !== undefined,
    read: (name, maxBytes) => readIn(folder, name, maxBytes),
  });
}

/**
 * Does what `verifyRecord` does, for files that the caller reads, each at most once.
 * @param name of the record itself
 * @throws BootCaseError `bad-record`, and what reading throws
 */
export function verifyRecordFiles(folder: RecordFiles, name: string = RECORD_FILE): VerifiedRecord {
  const bad = (message: string, cause?: unknown) =>
    new BootCaseError('bad-record', `${join(folder.path, name)}: ${message}`, {
      cause,
      fix: 'boot the case again; a record is not for editing',
    });
  const bytes = folder.read(name, MAX_DOCUMENT_BYTES);
  const { record, verdict } = parse(bytes, bad);
  const named = caseName(record.imageName, record.attach, record.machineName);
  if (record.caseName !== named) throw bad(`is of case ${record.caseName}, and its parts are of ${named}`);
  const files = filesOf(record).map(({ name }) => name);
  const twice = [name, ...files].find((name, index, all) => all.indexOf(name) !== index);
  if (twice !== undefined) throw bad(`names ${twice} for two of its files`);
  const read = ({ name, sha256 }: RecordedFile) => {
    // Whoever names it has lost it: that is no input that somebody forgot to name.
    if (!folder.has(name)) throw bad(`${name} is not there`);
    const content = folder.read(name, MAX_FILE_BYTES);
    const found = hash('sha256', content);
    if (found !== sha256) throw bad(`${name} has the digest ${found}, expected ${sha256}`);
    return content;
  };
  const log = read(record.serialLog);
  const command = readCommand(record, Buffer.from(read(record.argvRecord)).toString());
  if (typeof command === 'string') throw bad(`its command ${command}`);
  const machine = recordProblem(record);
  if (machine !== undefined) throw bad(machine);
  if (record.screenshot !== undefined) read(record.screenshot);
  const serial = readSerial(log);
  const unsound = findExpectationProblem(record.evidence);
  if (unsound !== undefined) throw bad(`no boot can be held to what it expects: ${unsound.reason}`);
  const phases = phaseProblem(record, serial.lines);
  if (phases !== undefined) throw bad(phases);
  const derived = judge(record, serial);
  if (derived.outcome !== verdict.outcome || derived.reason !== verdict.reason) {
    const { outcome, reason } = derived;
    throw bad(
      `says ${verdict.outcome}, its log says ${outcome}${reason === undefined ? '' : ` (${reason})`}`,
    );
  }
  return { folder: folder.path, sha256: hash('sha256', bytes), record, command, verdict };
}

/** Lists the files of a record that was verified, the record itself first, each with its digest. */
export function recordFiles({ record, sha256 }: Pick<VerifiedRecord, 'record' | 'sha256'>): RecordedFile[] {
  return [{ name: RECORD_FILE, sha256 }, ...filesOf(record)];
}

const filesOf = ({ serialLog, argvRecord, screenshot }: BootRecord): RecordedFile[] => [
  serialLog,
  argvRecord,
  ...(screenshot === undefined ? [] : [screenshot]),
];

function readIn(folder: AnchoredFolder, name: string, maxBytes: number): Buffer {
  const file = folder.openFile(name);
  try {
    return file.bytes(maxBytes);
  } finally {
    file.close();
  }
}

function parse(bytes: Uint8Array, bad: (message: string, cause: unknown) => BootCaseError): ParsedRecord {
  try {
    return bootRecord.parse(bytes);
  } catch (cause) {
    if (cause instanceof EvidenceError) throw bad(cause.message, cause);
    throw cause;
  }
}
