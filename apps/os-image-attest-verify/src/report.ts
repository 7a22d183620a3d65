// SPDX-License-Identifier: Apache-2.0
import { type AttestationPolicy, PREDICATE_TYPE, type VerifiedAttestation } from '@latticra/attestation';
import {
  type EvidenceDocument,
  type FieldValue,
  fields,
  formatDigest,
  READINESS_CLAIMS,
} from '@latticra/evidence-format';

/** An attestation that was verified, and the file that it was in. */
export interface Checked {
  readonly path: string;
  readonly sha256: string;
  readonly found: VerifiedAttestation;
}

/** Makes the report on attestations that hold. What they say is said by who signed them, and makes nothing ready. */
export function verificationReport(
  manifestPath: string,
  { trusted, threshold = 1, pins }: AttestationPolicy,
  checked: readonly Checked[],
): EvidenceDocument {
  return {
    title: 'LATTICRA OS IMAGE ATTESTATION VERIFICATION',
    fields: fields({
      verification_status: 'ok',
      manifest_path: manifestPath,
      attestation_count: checked.length,
      trusted_key_count: new Set(trusted.map(({ fingerprint }) => fingerprint)).size,
      threshold,
      pinned_pair_count: pins.length,
      ...READINESS_CLAIMS,
      host_mutation_performed: 0,
    }),
    sections: checked.map(({ path, sha256, found }, index) => ({
      name: `attestation:${String(index + 1).padStart(2, '0')}`,
      fields: fields({
        attestation_path: path,
        attestation_file_sha256: formatDigest(sha256),
        predicate_type: PREDICATE_TYPE[found.says.kind],
        ...list(
          'signed_by',
          found.signers.map(({ fingerprint }) => fingerprint),
        ),
        ...list(
          'subject',
          found.subjects.map((subject) => `${formatDigest(subject.sha256)} ${subject.name}`),
        ),
        ...saying(found.says),
      }),
    })),
  };
}

function list(key: string, values: readonly string[]): Record<string, FieldValue> {
  return Object.fromEntries(
    values.map((value, index) => [`${key}_${String(index + 1).padStart(2, '0')}`, value]),
  );
}

function saying(says: VerifiedAttestation['says']): Record<string, FieldValue> {
  switch (says.kind) {
    case 'provenance':
      return { builder_id: says.builderId, build_type: says.buildType };
    case 'testResult':
      return { test_result: says.result, passed_count: says.passed.length, failed_count: says.failed.length };
    case 'spdx':
      return { sbom_bytes: says.document.length };
    case 'verification':
      return { verifier_id: says.verifierId, ...list('property', says.properties) };
    case 'summary':
      return { verifier_id: says.verifierId, ...list('level', says.levels) };
  }
}
