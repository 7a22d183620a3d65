// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  WITHHELD_AUTHORITY,
} from '@latticra/evidence-format';
import { isAsExpected } from './judge.js';
import {
  type BootRecord,
  type FirmwareDigests,
  RECORD_TITLE,
  type RecordedFile,
  type Verdict,
} from './record.js';

const NONE = 'none';
const digestOr = (sha256: string | undefined) => (sha256 === undefined ? NONE : formatDigest(sha256));
const file = (key: string, recorded: RecordedFile | undefined) => ({
  [`${key}_path`]: recorded?.name ?? NONE,
  [`${key}_sha256`]: digestOr(recorded?.sha256),
});
const firmware = (when: 'before' | 'after', { code, variables }: FirmwareDigests) => ({
  [`firmware_code_sha256_${when}`]: formatDigest(code),
  [`firmware_variables_sha256_${when}`]: digestOr(variables),
});

/** A record as a document. @throws EvidenceError for a value that no document can hold */
export function recordDocument(record: BootRecord, verdict: Verdict): EvidenceDocument {
  const { evidence } = record;
  return {
    title: RECORD_TITLE,
    fields: fields({
      case: record.caseName,
      image_name: record.imageName,
      image_format: record.imageFormat,
      image_bytes: record.imageBytes,
      image_sha256_before: formatDigest(record.imageBefore),
      image_sha256_after: formatDigest(record.imageAfter),
      attach: record.attach,
      machine_name: record.machineName,
      qemu_machine: record.machine,
      qemu_machine_resolved: record.machineResolved,
      qemu_accelerator: record.accelerator,
      qemu_version: record.qemuVersion,
      firmware: record.firmware,
      ...firmware('before', record.firmwareBefore),
      ...firmware('after', record.firmwareAfter),
      expected: record.expect,
      expected_exit_code: evidence.exitCode ?? NONE,
      outcome: verdict.outcome,
      outcome_as_expected: flag(isAsExpected(record, verdict)),
      reason: verdict.reason ?? NONE,
      end_kind: record.endKind,
      end_exit_code: record.endCode ?? NONE,
      end: record.end,
      boot_duration_ms: record.durationMs,
      ...file('serial_log', record.serialLog),
      ...file('qemu_argv_record', record.argvRecord),
      ...file('screenshot', record.screenshot),
      ...WITHHELD_AUTHORITY,
      host_mutation_performed: 0,
      ...READINESS_CLAIMS,
    }),
    sections: [
      {
        name: 'expected_lines',
        fields: evidence.lines.map((value, index) => ({
          key: `line_${String(index + 1).padStart(2, '0')}`,
          value,
        })),
      },
    ],
  };
}
