// SPDX-License-Identifier: Apache-2.0
import type { BootOutcome, VerifiedRecord } from '@latticra/boot-cases/record';
import { type FieldValue, fields, formatDigest, type Section } from '@latticra/evidence-format';
import type { BootEvidence } from './evidence.js';

const OUTCOMES = ['booted', 'refused', 'failed'] as const satisfies readonly BootOutcome[];

/**
 * Makes the section that says which cases of a boot matrix each artifact booted in, was refused in by the firmware, and failed in. It
 * says what was seen of these images, and nothing of whether they are ready.
 */
export function bootEvidenceSection({ iso, vmImage, ofOtherImages }: BootEvidence): Section {
  return {
    name: 'boot_evidence',
    fields: fields({
      ...cases('iso', iso),
      ...cases('vm_image', vmImage),
      records_of_other_images: ofOtherImages,
      ...signatures([...(iso ?? []), ...(vmImage ?? [])]),
    }),
  };
}

/** Makes the fields `<prefix>_<outcome>_count` and `<prefix>_<outcome>_01` and so on; none for an artifact that is not there. */
function cases(prefix: string, records: readonly VerifiedRecord[] | undefined): Record<string, FieldValue> {
  if (records === undefined) return {};
  const entries = OUTCOMES.flatMap((outcome): [string, FieldValue][] => {
    const own = records.filter(({ verdict }) => verdict.outcome === outcome);
    return [
      [`${prefix}_${outcome}_count`, own.length],
      ...own.map((record, index): [string, FieldValue] => [
        `${prefix}_${outcome}_${String(index + 1).padStart(2, '0')}`,
        line(record),
      ]),
    ];
  });
  return Object.fromEntries(entries);
}

/** Says of a record what it is of, each part of which was derived again: `os_usb_bios usb pc-q35-7.2 seabios sha256:…`. */
function line({ record, sha256 }: VerifiedRecord): string {
  const { caseName, attach, machineResolved, firmware } = record;
  return `${caseName} ${attach} ${machineResolved} ${firmware} ${formatDigest(sha256)}`;
}

/** Makes the fields about signatures, none where there is none. Whose keys they are, a list of allowed signers tells. */
function signatures(records: readonly VerifiedRecord[]): Record<string, FieldValue> {
  const signed = new Map(
    records.flatMap(({ sha256, signature }) =>
      signature === undefined ? [] : [[sha256, signature.signature.key.fingerprint]],
    ),
  );
  if (signed.size === 0) return {};
  const keys = [...new Set(signed.values())].sort();
  return {
    records_signed_count: signed.size,
    ...Object.fromEntries(
      keys.map((key, index) => [`record_signing_key_${String(index + 1).padStart(2, '0')}`, key]),
    ),
  };
}
