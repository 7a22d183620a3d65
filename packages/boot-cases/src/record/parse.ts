// SPDX-License-Identifier: Apache-2.0
import {
  EvidenceError,
  type FieldReader,
  parseDocument,
  READINESS_CLAIMS,
  readFields,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { BootCaseError } from '../error.js';
import { isAsExpected } from './judge.js';
import {
  type BootRecord,
  type FirmwareDigests,
  RECORD_TITLE,
  type RecordedFile,
  type Verdict,
} from './record.js';

/** A record, and what it says of itself: nothing to rely on before `verifyRecord` derived it again. */
export interface ParsedRecord {
  readonly record: BootRecord;
  readonly verdict: Verdict;
}

/** Reads a record. @throws BootCaseError `bad-record` naming line and key */
export function parseRecord(input: Uint8Array | string): ParsedRecord {
  try {
    return read(input);
  } catch (cause) {
    if (cause instanceof EvidenceError) throw new BootCaseError('bad-record', cause.message, { cause });
    throw cause;
  }
}

function read(input: Uint8Array | string): ParsedRecord {
  const document = parseDocument(input);
  const [lines] = document.sections;
  if (document.title !== RECORD_TITLE) throw bad(`line 1: expected the title ${RECORD_TITLE}`);
  if (lines?.name !== 'expected_lines' || document.sections.length !== 1 || lines.fields.length === 0) {
    throw bad('expected one section, [expected_lines], with at least one line');
  }
  lines.fields.forEach(({ key }, index) => {
    const expected = `line_${String(index + 1).padStart(2, '0')}`;
    if (key !== expected) throw bad(`[expected_lines]: ${key}: expected ${expected}`);
  });
  const reader = readFields(document);
  const record: BootRecord = {
    caseName: reader.text('case'),
    imageName: reader.text('image_name'),
    imageFormat: reader.oneOf('image_format', ['iso', 'raw', 'qcow2']),
    imageBytes: reader.integer('image_bytes'),
    imageBefore: reader.digest('image_sha256_before'),
    imageAfter: reader.digest('image_sha256_after'),
    attach: reader.oneOf('attach', ['cdrom', 'usb', 'disk']),
    machineName: reader.text('machine_name'),
    machine: reader.oneOf('qemu_machine', ['pc-i440fx', 'q35']),
    machineResolved: reader.text('qemu_machine_resolved'),
    accelerator: reader.oneOf('qemu_accelerator', ['tcg', 'kvm']),
    qemuVersion: reader.text('qemu_version'),
    firmware: reader.oneOf('firmware', ['seabios', 'uefi', 'uefi-secure-boot']),
    firmwareBefore: firmwareDigests(reader, 'before'),
    firmwareAfter: firmwareDigests(reader, 'after'),
    expect: reader.oneOf('expected', ['boot', 'refusal']),
    evidence: {
      lines: lines.fields.map(({ value }) => value),
      exitCode: integerOrNone(reader, 'expected_exit_code'),
    },
    endKind: reader.oneOf('end_kind', ['exit', 'stopped', 'signal', 'timeout', 'flood']),
    endCode: integerOrNone(reader, 'end_exit_code'),
    end: reader.text('end'),
    durationMs: reader.integer('boot_duration_ms'),
    serialLog: required(reader, 'serial_log'),
    argvRecord: required(reader, 'qemu_argv_record'),
    screenshot: fileOrNone(reader, 'screenshot'),
  };
  const reason = reader.text('reason');
  const verdict: Verdict = {
    outcome: reader.oneOf('outcome', ['booted', 'refused', 'failed']),
    reason: reason === NONE ? undefined : reason,
  };
  if ((reader.flag('outcome_as_expected') === 1) !== isAsExpected(record, verdict)) {
    throw bad('outcome_as_expected: contradicts expected and outcome');
  }
  for (const key of [
    ...Object.keys(WITHHELD_AUTHORITY),
    'host_mutation_performed',
    ...Object.keys(READINESS_CLAIMS),
  ]) {
    if (reader.flag(key) !== 0) throw bad(`${key}: expected 0`);
  }
  reader.end();
  return { record, verdict };
}

const NONE = 'none';

function firmwareDigests(reader: FieldReader, when: 'before' | 'after'): FirmwareDigests {
  return {
    code: reader.digest(`firmware_code_sha256_${when}`),
    variables: digestOrNone(reader, `firmware_variables_sha256_${when}`),
  };
}

function digestOrNone(reader: FieldReader, key: string): string | undefined {
  return reader.text(key) === NONE ? undefined : reader.digest(key);
}

function integerOrNone(reader: FieldReader, key: string): number | undefined {
  return reader.text(key) === NONE ? undefined : reader.integer(key);
}

function required(reader: FieldReader, key: string): RecordedFile {
  const file = fileOrNone(reader, key);
  if (file === undefined) throw bad(`${key}_path: expected a file, found none`);
  return file;
}

/** The names are what a run gives its files, so that a record cannot point anywhere else. */
function fileOrNone(reader: FieldReader, key: string): RecordedFile | undefined {
  const name = reader.text(`${key}_path`);
  const sha256 = digestOrNone(reader, `${key}_sha256`);
  if (name === NONE && sha256 === undefined) return undefined;
  if (!/^[a-z][a-z-]*\.(log|txt|png)$/.test(name)) {
    throw bad(`${key}_path: expected the bare name of a file, found ${JSON.stringify(name)}`);
  }
  if (sha256 === undefined) throw bad(`${key}_sha256: expected the digest of ${name}, found none`);
  return { name, sha256 };
}

function bad(message: string): BootCaseError {
  return new BootCaseError('bad-record', message);
}
