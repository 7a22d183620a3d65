// SPDX-License-Identifier: Apache-2.0
import { isAbsolute } from 'node:path';
import { SEED_SENTINEL } from '@latticra/boot-seed';
import {
  anyText,
  bit,
  convert,
  type DocumentValue,
  defineDocument,
  derived,
  digest,
  field,
  numbered,
  numberedKey,
  oneOf,
  optional,
  orNone,
  path,
  section,
  text,
  where,
  wholeNumber,
} from '@latticra/evidence-format/define';
import { HOST_LINES, parseEnd } from '@latticra/vm-run';
import { reviewId } from '../consent/schema.js';
import { isSeed } from '../expectation.js';
import { fileLines } from '../files/recorded.js';
import { type BootPreviewProfile, PROFILE_NAMES, profileNamed } from '../profile.js';

const absolutePath = where(path, isAbsolute, 'an absolute path');
const profile = convert(oneOf(PROFILE_NAMES), profileNamed, ({ name }: BootPreviewProfile) => name);

/** Describes a line whose value follows from the profile of a record. */
const ofProfile = (key: string, value: (profile: BootPreviewProfile) => string) =>
  derived(key, (evidence: { readonly profile: BootPreviewProfile }) => value(evidence.profile));

/** A value that says what it expected. */
interface Expecting {
  readonly expected: { readonly lines: readonly string[] };
}

const expectedText = where(text, (value) => value !== 'none', 'a text');

const argv = numbered('argv', 'argv', anyText, { prefix: 'argv_' });

/**
 * What was recorded of one boot of one profile: the fields that the template asks for, and in sections what else was
 * seen. Paths are relative to the record's folder, those of QEMU and of its firmware absolute on the machine of the
 * boot. There is no line for readiness, and none of a boot that failed.
 */
export const bootEvidence = defineDocument('SEABIOS GRUB BOOT PREVIEW EVIDENCE', [
  field('operator_review_id', 'operatorReviewId', reviewId),
  ...fileLines('preflight_report', 'files.preflightReport', path),
  ...fileLines('boot_preview_manifest', 'files.fixture', path),
  ...fileLines('boot_artifact_manifest', 'files.bootArtifactManifest', path),
  ...fileLines('disk_image', 'files.diskImage', path),
  ofProfile('artifact_format', ({ artifactFormat }) => artifactFormat),
  ofProfile('target_firmware', ({ targetFirmware }) => targetFirmware),
  ofProfile('target_bootloader', ({ targetBootloader }) => targetBootloader),
  ofProfile('qemu_machine', ({ qemuMachine }) => qemuMachine),
  ofProfile('qemu_binary', ({ qemuBinary }) => qemuBinary),
  field('qemu_argv_record_path', 'files.argvRecord.path', path),
  ...fileLines('serial_console_boot_log', 'files.serialLog', path),
  // The one result of a seed, or of another system, that is recorded: of any other boot there is no record.
  derived('boot_result', ({ expected }: Expecting) =>
    isSeed(expected) ? 'sentinel-and-build-id-recorded' : 'expectation-and-build-id-recorded',
  ),
  field('operator_console_boot_path', 'files.operatorConsoleBoot.path', path),
  field('operator_recovery_path', 'files.operatorRecovery.path', path),
  field('rollback_or_recovery_path', 'files.rollbackOrRecovery.path', path),
  section('capture', [
    field('profile', 'profile', profile),
    // What the argv's paths lie below.
    field('capture_folder', 'captureFolder', absolutePath),
    derived('serial_sentinel', ({ expected }: Expecting) => (isSeed(expected) ? SEED_SENTINEL : 'none')),
    // Of the kernel in the image, or of a Linux from its command line, as the machine reported it.
    field('build_id', 'buildId', text),
    derived('qemu_exit_code', ({ end }: { readonly end: string }) => {
      const how = parseEnd(end);
      return how?.kind === 'exit' ? how.code : 'none';
    }),
    field('boot_end', 'end', text),
    field('boot_duration_ms', 'durationMs', wholeNumber),
    field('disk_image_sha256_before', 'imageSha256Before', digest),
    field('disk_image_sha256_after', 'imageSha256After', digest),
  ]),
  section('qemu', [
    field('qemu_program_path', 'program', absolutePath),
    field('qemu_version', 'qemuVersion', text),
    field('qemu_machine_resolved', 'machineResolved', text),
    field('qemu_accelerator', 'accelerator', oneOf(['tcg', 'kvm'])),
    // The machine that it ran on; undefined in records from before it was asked.
    optional('host', HOST_LINES),
  ]),
  section('firmware', [
    ...fileLines('firmware_code', 'firmware.code', path),
    // The template that the machine's variables were copied from; undefined for SeaBIOS.
    optional('firmware.varsTemplate', [
      field('firmware_vars_template_path', 'path', path),
      field('firmware_vars_template_sha256', 'sha256', digest),
    ]),
  ]),
  section('attachments', [
    field('qemu_argv_record_sha256', 'files.argvRecord.sha256', digest),
    field('operator_console_boot_sha256', 'files.operatorConsoleBoot.sha256', digest),
    field('operator_recovery_sha256', 'files.operatorRecovery.sha256', digest),
    field('rollback_or_recovery_sha256', 'files.rollbackOrRecovery.sha256', digest),
    ...fileLines('operator_consent', 'files.operatorConsent', path),
    ...fileLines('qemu_log', 'files.qemuLog', path),
  ]),
  section('screen', [
    // QEMU before 8.2 takes the screen away as the guest ends the machine; then it is that of a second boot of the same
    // image, without isa-debug-exit, with argv and log of its own. Undefined where QEMU could not draw it.
    optional('screen', [
      ...fileLines('screenshot', 'screenshot', path),
      ...fileLines('screen_argv_record', 'argvRecord', path),
      ...fileLines('screen_serial_log', 'serialLog', path),
    ]),
  ]),
  // What the boot was held to; the seed to its own marks.
  section('expectation', [
    field('expected_exit_code', 'expected.exitCode', orNone(wholeNumber)),
    field('expected_prompt', 'expected.prompt', orNone(expectedText)),
    field('expected_build_id', 'expected.buildId', orNone(expectedText)),
    field('forbid_services', 'expected.forbidServices', bit),
  ]),
  numbered('expected_lines', 'expected.lines', text, { prefix: 'line_', first: 1 }),
  numbered('expected_texts', 'expected.contains', text, { prefix: 'text_', first: 1 }),
  numbered('expected_patterns', 'expected.patterns', text, { prefix: 'pattern_', first: 1 }),
  numbered('forbidden_patterns', 'expected.forbid', text, { prefix: 'pattern_', first: 1 }),
  argv,
]);
export type BootEvidence = DocumentValue<typeof bootEvidence>;

/** The files that a record consists of. */
export type EvidenceFiles = BootEvidence['files'];
/** The firmware files that a machine was started with. */
export type RecordedFirmware = BootEvidence['firmware'];
/** The screen of a boot. */
export type RecordedScreen = NonNullable<BootEvidence['screen']>;

/** Returns the key of the n-th word of a record's argv, counted from 0. */
export const argvKey = (index: number): string => numberedKey(argv, index);
