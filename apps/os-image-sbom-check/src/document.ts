// SPDX-License-Identifier: Apache-2.0
import {
  type EvidenceDocument,
  escapeControls,
  type FieldValues,
  fields,
  flag,
  formatDigest,
  READINESS_CLAIMS,
  type Section,
} from '@latticra/evidence-format';
import type { Finding, FindingLevel, SbomCheck } from '@latticra/sbom/check';

/** The document that was checked. */
export interface CheckedFile {
  readonly manifestPath: string;
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

const SECTIONS: Readonly<Record<FindingLevel, string>> = { error: 'errors', advice: 'advice' };
const MAX_LINE = 1000;

/** Makes the report on a check: what the document is, and every finding by its clause. */
export function checkDocument(check: SbomCheck, file: CheckedFile): EvidenceDocument {
  const { findings, omitted, document } = check;
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  return {
    title: 'LATTICRA OS IMAGE SBOM CHECK',
    fields: fields({
      check_status: check.valid ? 'ok' : 'failed',
      manifest_path: file.manifestPath,
      sbom_path: file.path,
      sbom_sha256: formatDigest(file.sha256),
      sbom_size_bytes: file.size,
      sbom_valid: flag(check.valid),
      sbom_errors: count('error'),
      sbom_advice: count('advice'),
      sbom_findings_omitted: omitted,
      ...(document !== undefined && contents(document)),
      ...READINESS_CLAIMS,
    }),
    sections: [...findingSection('error', findings), ...findingSection('advice', findings)],
  };
}

const contents = ({
  packages = [],
  files = [],
  relationships = [],
}: NonNullable<SbomCheck['document']>): FieldValues => ({
  sbom_packages: packages.length,
  sbom_files: files.length,
  sbom_relationships: relationships.length,
});

function findingSection(level: FindingLevel, findings: readonly Finding[]): Section[] {
  const lines = findings
    .filter((finding) => finding.level === level)
    .map(({ clause, pointer, message }) => printable(`${clause} ${pointer || '/'}: ${message}`));
  if (lines.length === 0) return [];
  const name = (index: number) => `${level}_${String(index + 1).padStart(2, '0')}`;
  return [
    {
      name: SECTIONS[level],
      fields: fields(Object.fromEntries(lines.map((line, index) => [name(index), line]))),
    },
  ];
}

/** A finding repeats what stands in a document of anybody's. */
const printable = (text: string) =>
  escapeControls(text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text);
