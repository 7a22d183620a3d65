// SPDX-License-Identifier: Apache-2.0
import type { EvidenceFile } from '../read/content.js';
import type { PackageView, SbomView } from './model.js';

/** Makes what each SBOM lists, those of the same bytes once. One with an error lists nothing: nobody may go by it. */
export function gatherSboms(files: readonly EvidenceFile[]): SbomView[] {
  const seen = new Set<string>();
  return files.flatMap((file): SbomView[] => {
    if (file.content.kind !== 'sbom' || seen.has(file.sha256)) return [];
    seen.add(file.sha256);
    const { document, findings, omitted } = file.content.check;
    const packages = (document?.packages ?? []).map((each): PackageView => {
      const purl = each.externalRefs?.find(({ referenceType }) => referenceType === 'purl')?.referenceLocator;
      return {
        name: each.name,
        version: each.versionInfo ?? '',
        licence: each.licenseDeclared ?? 'NOASSERTION',
        origin: purl ?? each.supplier ?? '',
      };
    });
    packages.sort((one, other) => compare(one.name, other.name) || compare(one.version, other.version));
    return [
      {
        source: file,
        state: document === undefined ? 'bad' : 'good',
        name: document?.name ?? file.name,
        packages,
        files: document?.files?.length ?? 0,
        licences: countLicences(packages),
        findings: findings.map(({ level, clause, message }) => ({ level, clause, message })),
        omitted,
      },
    ];
  });
}

function countLicences(packages: readonly PackageView[]): SbomView['licences'] {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .map(([licence, count]) => ({ licence, count }))
    .sort((one, other) => other.count - one.count || compare(one.licence, other.licence));
}

/** Compares texts by their bytes in UTF-8, which no locale changes. */
export function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
