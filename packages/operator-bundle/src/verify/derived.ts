// SPDX-License-Identifier: Apache-2.0
import type { VerifiedRecord } from '@latticra/boot-cases/record';
import { MAX_DOCUMENT_BYTES, parseDocument } from '@latticra/evidence-format';
import { type FilePlace, readStableFile } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import { type ArtifactValidation, type InspectedFile, validateArtifacts } from '@latticra/manifest';
import type { SignerPolicy } from '@latticra/signature';
import { version } from '../../package.json';
import { hasDigest, judgeDerived, unknownTo } from '../derived-text.js';
import { deriveDocuments } from '../documents.js';
import { damaged, OperatorBundleError } from '../error.js';
import { artifactNames, BUNDLE_FILE, bundleNames } from '../names.js';
import { assertNoNamesakes } from '../namesakes.js';
import { type BundleOptions, readOptions, replayingInspector } from '../options.js';
import { assertNames, assertSum } from '../present.js';
import type { EvaluatingOptions } from '../promotion/derive.js';
import { inBundle } from '../promotion/names.js';
import type { CarriedPromotion } from '../promotion/stage.js';
import { listedNames, readListing, verifyPromotion } from '../promotion/verify.js';
import { bundledFiles, verifyBundled } from '../records/files.js';
import { bundledSigners, type ChecksumsSignature, listNames } from '../signatures.js';

/** How what follows from the files of a bundle is made again. */
export interface DeriveOptions {
  readonly inspect: (file: FilePlace) => Promise<InspectedFile>;
  /** Whose signatures of records count now. */
  readonly machines: SignerPolicy | undefined;
  readonly evaluating: EvaluatingOptions;
  /** Of the checksums. */
  readonly signed: ChecksumsSignature;
}

/** What verification found of the documents of a bundle, and which version made them. */
export type VerifiedDocuments =
  /** Each made again, to the same bytes. `version`: undefined in a bundle that does not say so. */
  | { readonly status: 'derived-again'; readonly version: string | undefined }
  /** `names`: those that have their checksum, and of which it is not known whether they say what lies in the bundle. */
  | { readonly status: 'not-derived-again'; readonly version: string; readonly names: readonly string[] };

/** What was found when it was made again. */
export interface DerivedBundle {
  readonly records: VerifiedRecord[];
  readonly options: BundleOptions;
  readonly promotion: CarriedPromotion | undefined;
  readonly documents: VerifiedDocuments;
}

/**
 * Makes every document again that follows from the manifest, the records of boots, what was promoted and the recorded options, and compares
 * their bytes. One of another version is judged as {@link judgeDerived} says.
 * @param sums digests by names, each of which its file was found to have
 * @throws OperatorBundleError `damaged`, `document-unknown`; HeldFileError; SignatureError
 */
export async function assertDerived(
  root: string,
  validation: ArtifactValidation,
  sums: ReadonlyMap<string, string>,
  { inspect, machines, evaluating, signed }: DeriveOptions,
): Promise<DerivedBundle> {
  const { report: name } = BUNDLE_FILE;
  if (!sums.has(name)) throw damaged(`${name}: a bundle has it, and it has no checksum`);
  const { bytes, sha256 } = await readStableFile(fileBelow(root, name), { maxBytes: MAX_DOCUMENT_BYTES });
  assertSum(name, sums.get(name), sha256);
  const report = parseDocument(bytes);
  const options = readOptions(report);
  if (options === undefined) throw damaged(`${name}: does not say with what the bundle was made`);
  const field = (wanted: string) => report.fields.find(({ key }) => key === wanted)?.value ?? '';
  const { manifest, loaded } = validation;
  const records = options.bootRecords.map((digest) => verifyBundled(root, digest, { signers: machines }));
  const files = records.flatMap(bundledFiles);
  const listed = options.promotion === undefined ? undefined : await readListing(root, manifest);
  const expected = [
    ...bundleNames(manifest),
    ...listNames(options.verifiedBy),
    ...files.map(([file]) => file),
    ...(listed === undefined ? [] : listedNames(listed)),
    ...(options.pageVersion === undefined ? [] : [BUNDLE_FILE.page]),
  ];
  const { documentsVersion: by } = options;
  const makers = { by, here: version, signed, code: 'document-unknown' } as const;
  refusedAsUnknown(by, () => assertNames(expected, sums));
  assertNoNamesakes([...expected, ...(listed?.lent ?? []).map(({ path }) => inBundle(path))]);
  for (const [file, found] of files) assertSum(file, sums.get(file), found);
  if (listed !== undefined && options.promotion !== listed.sha256)
    throw damaged(`${name}: names another list of the evidence than is there`);
  const others: string[] = [];
  const judge = (file: string, isSame: boolean, otherwise: string) => {
    if (judgeDerived(file, isSame, otherwise, makers) === 'not-derived-again') others.push(file);
  };
  const promotion =
    listed &&
    (await verifyPromotion(root, manifest, listed, evaluating, (file, differs) =>
      judge(file, differs === undefined, `is not what the evidence gives: ${differs}`),
    ));
  // The documents are made again by the lists that lie in the bundle: what they say is what was found by those.
  const signers =
    options.verifiedBy && (await bundledSigners(options.verifiedBy, (file) => fileBelow(root, file)));
  const asMade = await validateArtifacts(loaded, { inspect, signers });
  const { texts } = await deriveDocuments(
    {
      manifest,
      validation: asMade,
      names: artifactNames(manifest),
      artifactManifestPath: field('artifact_manifest_path'),
      bundleDir: field('bundle_dir'),
      options,
      records,
      promotion,
    },
    {
      inspectorFor: (platform) => replayingInspector(options.seen[platform]),
      isoPath: validation.iso?.resolvedPath ?? '',
      seen: () => options.seen,
    },
  );
  const otherwise = `is not what this version makes of ${BUNDLE_FILE.manifest} and the recorded options`;
  for (const [file, text] of texts) judge(file, hasDigest(text, sums.get(file)), otherwise);
  const documents: VerifiedDocuments =
    by === undefined || others.length === 0
      ? { status: 'derived-again', version: by }
      : { status: 'not-derived-again', version: by, names: others };
  return { records, options, promotion, documents };
}

/** Refuses what a bundle of another version has otherwise as unknown here, and not as damaged. */
function refusedAsUnknown(by: string | undefined, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (by === undefined || by === version || !(cause instanceof OperatorBundleError)) throw cause;
    throw unknownTo(
      { by, here: version, code: 'document-unknown' },
      BUNDLE_FILE.checksums,
      `to which ${cause.message}`,
    );
  }
}
