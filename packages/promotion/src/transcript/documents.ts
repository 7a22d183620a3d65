// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
} from '@latticra/evidence-format';
import { KIND_IS_OF, type TranscriptKind } from './kinds.js';
import { transcript } from './schema.js';
import type { ValidatedTranscript } from './validate.js';

const WITHHELD = { usb_write_execution_allowed: 0, usb_write_executed: 0 } as const;

/** Returns the text of the form of a kind of transcript: its title and lines, each with what has to stand there. */
export function transcriptForm(kind: TranscriptKind): EvidenceDocument {
  const lines = transcript
    .template()
    .map((line) => (line.key === 'transcript_kind' ? { ...line, value: kind } : line));
  return { title: transcript.title, fields: lines, sections: [] };
}

/** Makes the report that shows the form of a kind of transcript. */
export function transcriptTemplateDocument(manifestPath: string, kind: TranscriptKind): EvidenceDocument {
  const { title, fields: lines } = transcriptForm(kind);
  return {
    title: 'LATTICRA OS IMAGE TRANSCRIPT TEMPLATE',
    fields: fields({
      template_status: 'ok',
      latticra_os_image_transcript_template_present: 1,
      template_mode: 'no-effect-template',
      transcript_kind: kind,
      transcript_is_of: KIND_IS_OF[kind],
      manifest_path: manifestPath,
      transcript_written: 0,
      ...WITHHELD,
      ...READINESS_CLAIMS,
    }),
    sections: [{ name: 'required_transcript', fields: [{ key: 'header', value: title }, ...lines] }],
  };
}

/** Makes the report on a transcript that was held against its log. */
export function transcriptValidationDocument(
  manifestPath: string,
  { path, sha256, transcript: found, isTimed, signature }: ValidatedTranscript,
): EvidenceDocument {
  return {
    title: 'LATTICRA OS IMAGE TRANSCRIPT VALIDATION',
    fields: fields({
      validation_status: 'ok',
      latticra_os_image_transcript_validation_present: 1,
      validation_mode: 'held-against-its-log',
      manifest_path: manifestPath,
      transcript_path: path,
      transcript_sha256: formatDigest(sha256),
      transcript_kind: found.kind,
      artifact_version: found.artifactVersion,
      image_sha256: formatDigest(found.image.sha256),
      operator: found.operator,
      machine_serial: found.machine.serial,
      device_serial: found.device.serial,
      started_at: found.startedAt,
      ended_at: found.endedAt,
      outcome: found.outcome,
      log_path: found.log.path,
      log_sha256: formatDigest(found.log.sha256),
      log_shows_image_digest: 1,
      log_shows_device_serial: 1,
      log_shows_machine_serial: 1,
      log_shows_command: 1,
      log_shows_times: flag(isTimed),
      signature_status: signature.status,
      signature_principal: signature.by?.principal ?? 'none',
      ...WITHHELD,
      ...READINESS_CLAIMS,
    }),
    sections: [],
  };
}
