// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import type { SmallFile } from '@latticra/held-files';
import { type AnchoredFolder, openAnchor } from '@latticra/held-files/anchor';
import type { SignerPolicy } from '@latticra/signature';
import { readSerial } from '@latticra/vm-run';
import { BootCaseError } from '../error.js';
import { caseName } from '../matrix/cases.js';
import { lookInto } from '../matrix/evidence.js';
import { type RecordedCommand, readCommand } from './argv.js';
import type { RecordFiles } from './files.js';
import { judge } from './judge.js';
import { asSmallFile, type KeptFiles } from './kept.js';
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
import { readSignatureOf, type SignedBy } from './signature.js';

/** A record that agrees with the files beside it. */
export interface VerifiedRecord {
  /** The folder of the record. */
  readonly folder: string;
  /** The digest of the record itself, 64 hexadecimal digits, which identifies it. */
  readonly sha256: string;
  readonly record: BootRecord;
  readonly command: RecordedCommand;
  readonly verdict: Verdict;
  /** Of the record, by a machine's key; undefined where there is none. */
  readonly signature: SignedBy | undefined;
}

/** How a record is verified. */
export interface VerifyRecordOptions {
  /** Whose signatures count: every record has to have one of theirs then. */
  readonly signers?: SignerPolicy | undefined;
}

/** A size beyond that of any log that vm-run keeps, and of a screenshot. @internal */
export const MAX_FILE_BYTES = 32 << 20;

/**
 * Reads the record in a folder and derives again what it says: the digest of every file, the name of its case and the command from the
 * facts, the machine from QEMU's version, and the outcome from the log. A signature beside it has to be one of the record. Refuses a
 * link in place of a file: nothing outside the folder is evidence.
 * @throws BootCaseError `bad-record` naming the folder, and what does not agree
 * @throws HeldFileError for a record that is missing, and for anything else than a file
 */
export function verifyRecord(folder: string, options: VerifyRecordOptions = {}): VerifiedRecord {
  const held = openAnchor(folder);
  try {
    return verifyHeld(held, options);
  } finally {
    held.close();
  }
}

/**
 * Does what {@link verifyRecord} does, for a folder that is held already.
 * @throws as `verifyRecord`
 */
export function verifyHeld(folder: AnchoredFolder, options: VerifyRecordOptions = {}): VerifiedRecord {
  return verifyRecordFiles(filesIn(folder), RECORD_FILE, options);
}

/**
 * Does what {@link verifyHeld} does, and returns undefined for a folder without a record.
 * @param kept is given the files, as they were read
 * @throws as `verifyRecord` @internal
 */
export function verifyHeldIfAny(
  folder: AnchoredFolder,
  options: VerifyRecordOptions = {},
  kept?: KeptFiles,
): VerifiedRecord | undefined {
  const read: SmallFile[] = [];
  const files = filesIn(folder, kept && ((file) => read.push(file)));
  if (!files.has(RECORD_FILE)) return undefined;
  const record = verifyRecordFiles(files, RECORD_FILE, options);
  kept?.keep(record, read);
  return record;
}

/** Returns the files in a folder that is held. @param onRead is told of each that was read @internal */
export function filesIn(folder: AnchoredFolder, onRead?: (file: SmallFile) => void): RecordFiles {
  // What is opened is held against the look that found it there: a second one would say the same.
  const seen = new Map<string, BigIntStats>();
  return {
    path: folder.path,
    has(name) {
      const stats = folder.lstat(name);
      if (stats?.isFile()) seen.set(name, stats);
      return stats !== undefined;
    },
    read(name, maxBytes) {
      const file = folder.openFile(name, seen.get(name));
      try {
        const bytes = file.bytes(maxBytes);
        onRead?.(asSmallFile(file, name, bytes));
        return bytes;
      } finally {
        file.close();
      }
    },
  };
}

/**
 * Does what {@link verifyRecord} does, for files that the caller reads, each at most once.
 * @param name of the record itself
 * @throws BootCaseError `bad-record`, and what reading throws
 */
export function verifyRecordFiles(
  folder: RecordFiles,
  name: string,
  { signers }: VerifyRecordOptions = {},
): VerifiedRecord {
  const bad = (message: string, cause?: unknown) =>
    new BootCaseError('bad-record', `${join(folder.path, name)}: ${message}`, {
      cause,
      fix: 'boot the case again; a record is not for editing',
    });
  const bytes = folder.read(name, MAX_DOCUMENT_BYTES);
  const { record: said, verdict } = parse(bytes, bad);
  const { evidence, problem: unsound } = lookInto(said.evidence);
  const record = { ...said, evidence };
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
  const signature = readSignatureOf(folder, name, bytes, signers, bad);
  return { folder: folder.path, sha256: hash('sha256', bytes), record, command, verdict, signature };
}

/** Lists the files of a record that was verified, the record itself first, each with its digest. */
export function recordFiles({
  record,
  sha256,
  signature,
}: Pick<VerifiedRecord, 'record' | 'sha256' | 'signature'>): RecordedFile[] {
  const signed = signature === undefined ? [] : [{ name: signature.name, sha256: signature.sha256 }];
  return [{ name: RECORD_FILE, sha256 }, ...signed, ...filesOf(record)];
}

const filesOf = ({ serialLog, argvRecord, screenshot }: BootRecord): RecordedFile[] => [
  serialLog,
  argvRecord,
  ...(screenshot === undefined ? [] : [screenshot]),
];

function parse(bytes: Uint8Array, bad: (message: string, cause: unknown) => BootCaseError): ParsedRecord {
  try {
    return bootRecord.parse(bytes);
  } catch (cause) {
    if (cause instanceof EvidenceError) throw bad(cause.message, cause);
    throw cause;
  }
}
