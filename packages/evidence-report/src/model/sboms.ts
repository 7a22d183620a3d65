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

/** Counts packages by each licence that they name: expressions of many are as good as all different. */
function countLicences(packages: readonly PackageView[]): SbomView['licences'] {
  const counts = new Map<string, number>();
  for (const { licence: expression } of packages)
    for (const licence of licencesIn(expression)) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts]
    .map(([licence, count]) => ({ licence, count }))
    .sort((one, other) => other.count - one.count || compare(one.licence, other.licence));
}

/** Returns the licences in an expression (SPDX 2.3, annex D), each once; one with an exception is another than without. */
function licencesIn(expression: string): ReadonlySet<string> {
  const words = expression.replace(/[()]/g, ' ').split(/\s+/).filter(Boolean);
  const licences = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const [word = '', operator, exception] = words.slice(at, at + 3);
    if (/^(?:and|or)$/i.test(word)) continue;
    const hasException = operator !== undefined && /^with$/i.test(operator) && exception !== undefined;
    licences.add(hasException ? `${word} WITH ${exception}` : word);
    if (hasException) at += 2;
  }
  return licences;
}

/** Compares texts by their bytes in UTF-8, which no locale changes. */
export function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
