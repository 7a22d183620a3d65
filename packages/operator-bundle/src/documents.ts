// SPDX-License-Identifier: Apache-2.0
import type { VerifiedRecord } from '@latticra/boot-cases/record';
import { type EvidenceDocument, formatChecksumLine, formatDocument } from '@latticra/evidence-format';
import { type ArtifactManifest, type ArtifactValidation, validationDocument } from '@latticra/manifest';
import { requireReady } from './bundle-manifest.js';
import { type CommandView, commandDocuments } from './commands.js';
import { damaged } from './error.js';
import { type ArtifactNames, BUNDLE_FILE, checksumName } from './names.js';
import type { BundleOptions } from './options.js';
import type { CarriedPromotion } from './promotion/stage.js';
import { bundleReadme } from './readme.js';
import { bootEvidence } from './records/evidence.js';
import { bootEvidenceSection } from './records/section.js';
import { bundleReport } from './report.js';

/** What the documents of a bundle are made from. */
export interface DerivedFrom {
  /** The manifest as it lies in the bundle. */
  readonly manifest: ArtifactManifest;
  /** What was found of it there. */
  readonly validation: ArtifactValidation;
  readonly names: ArtifactNames;
  /** The manifest that the bundle was made from, and the folder that it went to, as they were named. */
  readonly artifactManifestPath: string;
  readonly bundleDir: string;
  readonly options: Omit<BundleOptions, 'seen' | 'bootRecords' | 'promotion'>;
  /** The records of boots of the artifacts, as they lie in the bundle. */
  readonly records: readonly VerifiedRecord[];
  /** What it was promoted by; undefined where it carries nothing of that. */
  readonly promotion: CarriedPromotion | undefined;
}

/** How the devices that the options name are looked at, and what was seen of them. */
export interface DeviceView extends CommandView {
  /** What was seen so far. */
  readonly seen: () => BundleOptions['seen'];
}

/** The documents of a bundle that are derived, by file name; the report is one of them. */
export interface DerivedDocuments {
  readonly texts: ReadonlyMap<string, string>;
  readonly report: EvidenceDocument;
}

/**
 * Makes every document of a bundle that follows from its manifest, its artifacts and the options: once when it is staged, and again
 * whenever it is verified.
 * @throws OperatorBundleError `not-ready`, `bad-record`; `damaged` for a record of another image
 */
export async function deriveDocuments(from: DerivedFrom, view: DeviceView): Promise<DerivedDocuments> {
  const { manifest, validation, names, options, records } = from;
  const { iso, vmImage } = requireReady(BUNDLE_FILE.manifest, validation);
  // The documents name files of the bundle as they lie beside them, wherever it is.
  const inBundle: ArtifactValidation = {
    ...validation,
    loaded: { ...validation.loaded, path: BUNDLE_FILE.manifest },
    iso: iso && { ...iso, resolvedPath: iso.record.path },
    vmImage: vmImage && { ...vmImage, resolvedPath: vmImage.record.path },
  };
  const evidence = bootEvidence(validation, records);
  if (evidence.ofOtherImages > 0) throw damaged(`${BUNDLE_FILE.bootRecords}: has records of other images`);
  const evidenceSections = records.length === 0 ? [] : [bootEvidenceSection(evidence)];
  const commands = await commandDocuments(options, { names, iso, vmImage }, view);
  const report = bundleReport({
    artifactManifestPath: from.artifactManifestPath,
    bundleDir: from.bundleDir,
    artifactVersion: manifest.artifactVersion,
    artifacts: names,
    vmImageFormat: manifest.vmImage?.format,
    sboms: { iso: manifest.iso?.sbomPath, vmImage: manifest.vmImage?.sbomPath },
    options: {
      ...options,
      promotion: from.promotion?.listingSha256,
      seen: view.seen(),
      bootRecords: [...new Set(records.map(({ sha256 }) => sha256))].sort(),
    },
  });
  const texts = new Map([
    [
      BUNDLE_FILE.validation,
      formatDocument(validationDocument(options.manifestPath, inBundle, evidenceSections)),
    ],
    ...[...commands].map(([name, document]) => [name, formatDocument(document)] as const),
    [
      BUNDLE_FILE.readme,
      bundleReadme(manifest, names, { ...options, records: countOf(records), promotion: from.promotion }),
    ],
    [BUNDLE_FILE.report, formatDocument(report)],
  ]);
  for (const [name, artifact] of [
    [names.iso, iso],
    [names.vmImage, vmImage],
  ] as const) {
    if (name === undefined || artifact === undefined) continue;
    texts.set(checksumName(name), formatChecksumLine(artifact.measurement.sha256, name));
  }
  return { texts, report };
}

/** Counts records, each once. */
function countOf(records: readonly VerifiedRecord[]) {
  const signed = records.filter(({ signature }) => signature !== undefined).length;
  return { all: records.length, signed };
}
