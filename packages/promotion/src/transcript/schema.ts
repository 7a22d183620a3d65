// SPDX-License-Identifier: Apache-2.0
import {
  always,
  bit,
  called,
  claims,
  type DocumentValue,
  defineDocument,
  digest,
  field,
  oneOf,
  path,
  readinessClaims,
  wholeNumber,
} from '@latticra/evidence-format/define';
import { TRANSCRIPT_KINDS } from './kinds.js';
import { fileName, filled, serial, utcTime } from './scalars.js';

/** What only the person who did it knows, and confirms by writing 1. */
const confirmed = called(oneOf(['1']), '1, once that is so', '1-once-that-is-so');

/** What a person did with an image on hardware, filled in by that person, with a log beside it that shows it. */
export const transcript = defineDocument('LATTICRA OS IMAGE TRANSCRIPT', [
  always('transcript_version', 1),
  field('transcript_kind', 'kind', oneOf(TRANSCRIPT_KINDS)),
  field('artifact_version', 'artifactVersion', filled),
  field('image_size_bytes', 'image.size', wholeNumber),
  field('image_sha256', 'image.sha256', digest),
  // What would have been followed if it had gone wrong, and was for a recovery.
  field('operator_recovery_sha256', 'recoverySha256', digest),
  // As in the list of allowed signers: who signs the transcript.
  field('operator', 'operator', filled),
  field('machine_vendor', 'machine.vendor', filled),
  field('machine_model', 'machine.model', filled),
  field('machine_serial', 'machine.serial', serial),
  field('device_path', 'device.path', path),
  field('device_model', 'device.model', filled),
  field('device_serial', 'device.serial', serial),
  field('device_size_bytes', 'device.size', wholeNumber),
  field('target_device_verified_removable', 'device.isRemovable', bit),
  field('target_device_contains_no_required_data', 'confirmed.noRequiredData', confirmed),
  field('image_checksum_verified_by_operator', 'confirmed.checksum', confirmed),
  field('operator_consent_recorded', 'confirmed.consent', confirmed),
  field('started_at', 'startedAt', utcTime),
  field('ended_at', 'endedAt', utcTime),
  // As it was typed, for a shell.
  field('command', 'command', filled),
  field('outcome', 'outcome', oneOf(['done', 'failed'])),
  // What was seen, in a sentence.
  field('observed', 'observed', filled),
  field('log_path', 'log.path', fileName),
  field('log_size_bytes', 'log.size', wholeNumber),
  field('log_sha256', 'log.sha256', digest),
  ...claims('usb_write_execution_allowed', 'usb_write_executed'),
  ...readinessClaims,
]);
/** What a transcript says; digests are 64 hexadecimal digits, times of UTC to the second. */
export type Transcript = DocumentValue<typeof transcript>;
