// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { VerifiedRecord } from '@latticra/boot-cases/record';
import { MAX_DOCUMENT_BYTES, parseChecksums } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import {
  type FilePlace,
  type KeptMeasurements,
  type MeasureOptions,
  pathOf,
  readStableFile,
  twoAtOnce,
  withKeptMeasurements,
} from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import {
  type ArtifactValidation,
  type InspectedFile,
  inspectFile,
  loadArtifactManifest,
  validateArtifacts,
} from '@latticra/manifest';
import { anyMachine, hashesFor, type LoadedSigners, readSignatureFile } from '@latticra/signature';
import { requireReady } from '../bundle-manifest.js';
import { inputPaths } from '../destination.js';
import { damaged } from '../error.js';
import { BUNDLE_FILE, signatureName } from '../names.js';
import { type BundlePage, type VerifiedPage, verifyPage } from '../page.js';
import { assertListing, assertSum, isInFolder, presentIn, refuseAdded } from '../present.js';
import { type EvaluatingOptions, evaluatingOf } from '../promotion/derive.js';
import type { CarriedPromotion } from '../promotion/stage.js';
import { type ChecksumsSignature, readChecksumsSignature, unsignedChecksums } from '../signatures.js';
import { assertDerived, type VerifiedDocuments } from './derived.js';

/** How a bundle is verified. */
export interface VerifyOptions extends Partial<EvaluatingOptions> {
  /** Receives the number of bytes that each step read. */
  readonly onBytes?: (count: number) => void;
  /** Whether large files are read as the disk has them, past the page cache: for a bundle that was just made. */
  readonly fromDisk?: boolean;
  /**
   * By whom the images, the records of boots, and the bundle's checksums if they are signed, have to be signed. The list that lies in a bundle is never
   * taken for that.
   */
  readonly signers?: LoadedSigners | undefined;
  /** Whether the checksums have to be signed, by one of the signers; a bundle that was made with a key has them signed in any case. */
  readonly requireSignature?: boolean;
  /** What keeps the measurements of its files, for steps after this one; none of them is taken from there. */
  readonly keep?: KeptMeasurements | undefined;
  /** Makes the page of a bundle again, which is then compared; without it the page is held to its checksum alone, and so it is where another version made it. */
  readonly page?: BundlePage | undefined;
  /**
   * Receives the name of each file in the folder that no checksum covers; without it such a file is refused. An operator
   * who followed the README has a serial log there.
   */
  readonly onAdded?: (name: string) => void;
}

/** A bundle whose every file was checked. */
export interface VerifiedBundle extends ArtifactValidation {
  /** The records of boots of its artifacts that lie in it, each verified again. */
  readonly records: readonly VerifiedRecord[];
  readonly checksumsSignature: ChecksumsSignature;
  /** What it was promoted by, derived again; undefined where it carries nothing of that. */
  readonly promotion: CarriedPromotion | undefined;
  /** Whether the page of all that lies in it was made again. */
  readonly page: VerifiedPage;
  /** Whether its documents were made again, the evaluation among them. */
  readonly documents: VerifiedDocuments;
  /** Whether its own documents say that the keys were made for a rehearsal, and prove nothing. */
  readonly keysProveNothing: boolean;
}

/**
 * Checks a bundle wherever it lies now: its checksum file has exactly the form that it was written in and covers every
 * file that a bundle has by its rule and no other, each file has its digest and is no link, the manifest is ready for review, what it
 * was promoted by gives the evaluation that it carries, and
 * every document that follows from it is, byte for byte, what is made of it again, unless another version made it and somebody signed it
 * whose signature counts. The artifacts are read once, and once more by an evaluation. Unlike `sha256sum -c --strict` this finds a file that was added, and a checksum line that was damaged into
 * a comment, into capitals or into the form for binary files.
 *
 * @example
 * import { verifyOperatorBundle } from '@latticra/operator-bundle';
 *
 * const { manifest, checksumsSignature, documents } = await verifyOperatorBundle('operator-bundle');
 * console.log(manifest.artifactVersion, checksumsSignature.status, documents.status);
 *
 * @throws OperatorBundleError `damaged`, `not-ready`, `page-unknown`, `document-unknown`; EvidenceError, ManifestError, HeldFileError; SignatureError
 */
export async function verifyOperatorBundle(
  folder: string,
  options: VerifyOptions = {},
): Promise<VerifiedBundle> {
  const { keep } = options;
  if (keep !== undefined) return verifyKeeping(folder, options, keep);
  return withKeptMeasurements((kept) => verifyKeeping(folder, options, kept));
}

async function verifyKeeping(
  folder: string,
  options: VerifyOptions,
  kept: KeptMeasurements,
): Promise<VerifiedBundle> {
  const { onAdded = refuseAdded, signers } = options;
  const root = resolve(folder);
  const { bytes } = await readStableFile(fileBelow(root, BUNDLE_FILE.checksums), {
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  const listed = parseChecksums(Buffer.from(bytes).toString('utf8'));
  const present = await presentIn(root);
  const added: string[] = [];
  const { checksumsSignature } = BUNDLE_FILE;
  assertListing(
    listed.map(({ name }) => name),
    present.filter((name) => name !== checksumsSignature),
    (name) => {
      if (isInFolder(name)) refuseAdded(name);
      onAdded(name);
      added.push(name);
    },
  );
  const signed: ChecksumsSignature = present.includes(checksumsSignature)
    ? await readChecksumsSignature(fileBelow(root, checksumsSignature), bytes, signers)
    : { status: 'none' };
  if (options.requireSignature === true && signed.status !== 'verified') throw unsignedChecksums();
  const sums = new Map(listed.map(({ name, hex }) => [name, hex]));
  const measured = await measureAll(root, sums, { ...options, keep: kept });
  const { manifest: name } = BUNDLE_FILE;
  const loaded = await loadArtifactManifest(name, root, fileBelow(root, name));
  assertSum(name, sums.get(name), loaded.sha256);
  const inspect = async (file: FilePlace) => measured.get(pathOf(file)) ?? inspectFile(file);
  const validation = await validateArtifacts(loaded, { inspect, signers });
  requireReady(loaded.path, validation);
  const stray = inputPaths(loaded.manifest, root).find((path) => !measured.has(path));
  if (stray !== undefined) throw damaged(`${name}: names ${stray}, which has no checksum`);
  const derived = await assertDerived(root, validation, sums, {
    inspect,
    machines: anyMachine(signers),
    evaluating: evaluatingOf(options),
    signed,
  });
  const { checksumsSigned, pageVersion: version, keysProveNothing } = derived.options;
  if (checksumsSigned && signed.status === 'none') {
    throw damaged(`${checksumsSignature}: was made with the bundle, and is not there`);
  }
  const page: VerifiedPage =
    version === undefined
      ? { status: 'none', version }
      : options.page === undefined
        ? { status: 'not-derived-again', version }
        : await verifyPage(
            { root, version, sha256: sums.get(BUNDLE_FILE.page), added, signed, known: kept },
            options.page,
          );
  const { records, promotion, documents } = derived;
  return { ...validation, records, promotion, page, documents, checksumsSignature: signed, keysProveNothing };
}

/** Measures every file of a bundle, two of them at once, and holds it to its checksum. */
async function measureAll(
  root: string,
  sums: ReadonlyMap<string, string>,
  { onBytes, fromDisk, signal, keep }: VerifyOptions,
): Promise<ReadonlyMap<string, InspectedFile>> {
  const measured = await twoAtOnce(
    [...sums],
    async ([name, hex], beside): Promise<[string, InspectedFile]> => {
      const file = fileBelow(root, name);
      const found = await inspectFile(file, {
        ...(onBytes !== undefined && { onBytes }),
        ...(await hashesOf(root, name, sums)),
        ...beside,
        fromDisk,
        keep,
      });
      assertSum(name, hex, found.measurement.sha256);
      return [file.path, found];
    },
    signal,
  );
  return new Map(measured);
}

/** Returns by which hash besides a file has to be measured, for the signature that lies beside it in the bundle. */
async function hashesOf(
  root: string,
  name: string,
  sums: ReadonlyMap<string, string>,
): Promise<Pick<MeasureOptions, 'sha512'>> {
  const signature = signatureName(name);
  if (!sums.has(signature)) return {};
  try {
    return hashesFor(await readSignatureFile(fileBelow(root, signature)));
  } catch (error) {
    // What is wrong with its content is told where it is verified; a file that only has such a name is no signature.
    if (!(error instanceof Failure) || error.kind === 'io') throw error;
    return {};
  }
}
