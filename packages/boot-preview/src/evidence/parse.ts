// SPDX-License-Identifier: Apache-2.0
import { SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import { EvidenceError, formatDocument, parseDocument } from '@latticra/evidence-format';
import { isReviewId } from '../consent/schema.js';
import { PROFILE_NAMES, profileNamed } from '../profile.js';
import { argvKey, evidenceDocument } from './format.js';
import { type RecordReader, recordReader } from './reader.js';
import { BOOT_RESULT, type BootEvidence, EVIDENCE_TITLE, type RecordedScreen } from './schema.js';

const SECTIONS = ['capture', 'qemu', 'firmware', 'companions', 'screen', 'argv'] as const;
type SectionName = (typeof SECTIONS)[number];

/**
 * Reads an evidence record: exactly its fields and sections in their order, each of its type, the constants of its
 * profile among them.
 * @throws EvidenceError; `unexpected` and `forbidden-claim` for a record that says more than was recorded
 */
export function parseEvidence(input: Uint8Array | string): BootEvidence {
  const { document, top, sections } = openRecord(input);
  const { capture, qemu, firmware, companions, screen, argv } = sections;
  const profile = profileNamed(capture.oneOf('profile', PROFILE_NAMES));
  const operatorReviewId = top.recorded('operator_review_id');
  if (!isReviewId(operatorReviewId)) {
    throw new EvidenceError('wrong-type', `operator_review_id: expected the name of a review`, { line: 2 });
  }
  for (const [key, value] of [
    ['artifact_format', profile.artifactFormat],
    ['target_firmware', profile.targetFirmware],
    ['target_bootloader', profile.targetBootloader],
    ['qemu_machine', profile.qemuMachine],
    ['qemu_binary', profile.qemuBinary],
    ['boot_result', BOOT_RESULT],
  ] as const) {
    top.constant(key, value);
  }
  capture.constant('serial_sentinel', SEED_SENTINEL);
  capture.constant('qemu_exit_code', String(SEED_EXIT_CODE));
  const beside = (path: string, digest: string) => ({
    path: top.recorded(path),
    sha256: companions.digest(digest),
  });
  const evidence: BootEvidence = {
    profile,
    operatorReviewId,
    files: {
      preflightReport: top.file('preflight_report'),
      fixture: top.file('boot_preview_manifest'),
      bootArtifactManifest: top.file('boot_artifact_manifest'),
      diskImage: top.file('disk_image'),
      argvRecord: beside('qemu_argv_record_path', 'qemu_argv_record_sha256'),
      serialLog: top.file('serial_console_boot_log'),
      operatorConsoleBoot: beside('operator_console_boot_path', 'operator_console_boot_sha256'),
      operatorRecovery: beside('operator_recovery_path', 'operator_recovery_sha256'),
      rollbackOrRecovery: beside('rollback_or_recovery_path', 'rollback_or_recovery_sha256'),
      operatorConsent: companions.file('operator_consent'),
      qemuLog: companions.file('qemu_log'),
    },
    captureFolder: capture.absolutePath('capture_folder'),
    buildId: capture.recorded('build_id'),
    durationMs: capture.integer('boot_duration_ms'),
    imageSha256Before: capture.digest('disk_image_sha256_before'),
    imageSha256After: capture.digest('disk_image_sha256_after'),
    program: qemu.absolutePath('qemu_program_path'),
    qemuVersion: qemu.recorded('qemu_version'),
    machineResolved: qemu.recorded('qemu_machine_resolved'),
    accelerator: qemu.oneOf('qemu_accelerator', ['tcg', 'kvm']),
    firmware: {
      code: firmware.file('firmware_code'),
      varsTemplate: firmware.optionalFile('firmware_vars_template'),
    },
    argv: readArgv(argv),
    screen: readScreen(screen),
  };
  for (const reader of [top, ...Object.values(sections)]) reader.end();
  if (formatDocument(evidenceDocument(evidence)) !== formatDocument(document)) {
    throw new EvidenceError(
      'wrong-type',
      'expected the fields and sections in the order that they are written in',
    );
  }
  return evidence;
}

function openRecord(input: Uint8Array | string) {
  const document = parseDocument(input);
  if (document.title !== EVIDENCE_TITLE) {
    throw new EvidenceError(
      'wrong-type',
      `title: expected ${JSON.stringify(EVIDENCE_TITLE)}, found ${JSON.stringify(document.title)}`,
      { line: 1 },
    );
  }
  const readers = new Map<string, RecordReader>();
  let line = 2 + document.fields.length;
  for (const section of document.sections) {
    if (!SECTIONS.some((name) => name === section.name)) {
      throw new EvidenceError('unexpected', `[${section.name}]: expected no such section`, {
        line: line + 1,
      });
    }
    // A blank line and the section's name stand before its fields.
    readers.set(section.name, recordReader(section, line + 2));
    line += 2 + section.fields.length;
  }
  const section = (name: SectionName) => {
    const reader = readers.get(name);
    if (reader === undefined) throw new EvidenceError('missing', `[${name}]: missing`, { key: name });
    return reader;
  };
  return {
    document,
    top: recordReader(document, 2),
    sections: {
      capture: section('capture'),
      qemu: section('qemu'),
      firmware: section('firmware'),
      companions: section('companions'),
      screen: section('screen'),
      argv: section('argv'),
    },
  };
}

/** Screenshot, argv and log of it, or none of them. */
function readScreen(reader: RecordReader): RecordedScreen | undefined {
  const screenshot = reader.optionalFile('screenshot');
  if (screenshot !== undefined) {
    return {
      screenshot,
      argvRecord: reader.file('screen_argv_record'),
      serialLog: reader.file('screen_serial_log'),
    };
  }
  for (const name of ['screen_argv_record', 'screen_serial_log']) {
    reader.constant(`${name}_path`, 'none');
    reader.constant(`${name}_sha256`, 'none');
  }
  return undefined;
}

function readArgv(reader: RecordReader): string[] {
  const words: string[] = [];
  for (let index = 0; reader.line(argvKey(index)) !== undefined; index++)
    words.push(reader.text(argvKey(index)));
  return words;
}
