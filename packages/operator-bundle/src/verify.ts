// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { VerifiedRecord } from '@latticra/boot-cases/record';
import { MAX_DOCUMENT_BYTES, parseChecksums, parseDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import {
  type FilePlace,
  type MeasureOptions,
  pathOf,
  readFailure,
  readStableFile,
} from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import {
  type ArtifactValidation,
  type InspectedFile,
  inspectFile,
  loadArtifactManifest,
  validateArtifacts,
} from '@latticra/manifest';
import {
  anyMachine,
  hashesFor,
  type LoadedSigners,
  readSignatureFile,
  type SignerPolicy,
} from '@latticra/signature';
import { requireReady } from './bundle-manifest.js';
import { inputPaths } from './destination.js';
import { deriveDocuments } from './documents.js';
import { damaged } from './error.js';
import { artifactNames, BUNDLE_FILE, bundleNames, signatureName } from './names.js';
import { type BundleOptions, readOptions, replayingInspector } from './options.js';
import { bundledFiles, listRecordFiles, verifyBundled } from './records/files.js';
import { bundledSigners, type ChecksumsSignature, listNames, readChecksumsSignature } from './signatures.js';
import { compareBytes } from './staging.js';

/** How a bundle is verified. */
export interface VerifyOptions {
  /** Receives the number of bytes that each step read. */
  readonly onBytes?: (count: number) => void;
  /**
   * By whom the images, the records of boots, and the bundle's checksums if they are signed, have to be signed. The list that lies in a bundle is never
   * taken for that.
   */
  readonly signers?: LoadedSigners | undefined;
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
}

/**
 * Checks a bundle wherever it lies now: its checksum file has exactly the form that it was written in and covers every
 * file that a bundle has by its rule and no other, each file has its digest and is no link, the manifest is ready for review, and
 * every document that follows from it is, byte for byte, what is made of it again. The artifacts are read once. Unlike `sha256sum -c --strict` this finds a file that was added, and a checksum line that was damaged into
 * a comment, into capitals or into the form for binary files.
 * @throws OperatorBundleError `damaged`, `not-ready`; EvidenceError, ManifestError, HeldFileError; SignatureError
 */
export async function verifyOperatorBundle(
  folder: string,
  { onBytes, onAdded = refuseAdded, signers }: VerifyOptions = {},
): Promise<VerifiedBundle> {
  const root = resolve(folder);
  const { bytes } = await readStableFile(fileBelow(root, BUNDLE_FILE.checksums), {
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  const listed = parseChecksums(Buffer.from(bytes).toString('utf8'));
  const present = await listFolder(root);
  const link = present.find((entry) => entry.isSymbolicLink());
  if (link !== undefined) throw damaged(`${link.name}: is a link, expected the file itself`);
  const { bootRecords, checksumsSignature } = BUNDLE_FILE;
  const hasRecords = present.some((entry) => entry.name === bootRecords && entry.isDirectory());
  assertListing(
    listed.map(({ name }) => name),
    [
      ...present
        .map(({ name }) => name)
        .filter((name) => !(hasRecords && name === bootRecords) && name !== checksumsSignature),
      ...(hasRecords ? listRecordFiles(root) : []),
    ],
    // Nothing that an operator does puts a file beside the records.
    (name) =>
      name === bootRecords || name.startsWith(`${bootRecords}/`) ? refuseAdded(name) : onAdded(name),
  );
  const signed: ChecksumsSignature = present.some(({ name }) => name === checksumsSignature)
    ? await readChecksumsSignature(fileBelow(root, checksumsSignature), bytes, signers)
    : { status: 'none' };
  const sums = new Map(listed.map(({ name, hex }) => [name, hex]));
  const measured = new Map<string, InspectedFile>();
  for (const { name, hex } of listed) {
    const file = fileBelow(root, name);
    const found = await inspectFile(file, {
      ...(onBytes !== undefined && { onBytes }),
      ...(await hashesOf(root, name, sums)),
    });
    assertSum(name, hex, found.measurement.sha256);
    measured.set(file.path, found);
  }
  const { manifest: name } = BUNDLE_FILE;
  const loaded = await loadArtifactManifest(name, root, fileBelow(root, name));
  assertSum(name, sums.get(name), loaded.sha256);
  const inspect = async (file: FilePlace) => measured.get(pathOf(file)) ?? inspectFile(file);
  const validation = await validateArtifacts(loaded, { inspect, signers });
  requireReady(loaded.path, validation);
  const stray = inputPaths(loaded.manifest, root).find((path) => !measured.has(path));
  if (stray !== undefined) throw damaged(`${name}: names ${stray}, which has no checksum`);
  const { records, options } = await assertDerived(root, validation, sums, {
    inspect,
    machines: anyMachine(signers),
  });
  if (options.checksumsSigned && signed.status === 'none') {
    throw damaged(`${checksumsSignature}: was made with the bundle, and is not there`);
  }
  return { ...validation, records, checksumsSignature: signed };
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

/** The names that only a bundle has. */
const TELLING: readonly string[] = [
  BUNDLE_FILE.report,
  BUNDLE_FILE.recovery,
  BUNDLE_FILE.usbLinux,
  BUNDLE_FILE.usbMacos,
  BUNDLE_FILE.vmTest,
];

/**
 * Returns whether a folder is an operator bundle: whether any of the files that only a bundle has lies in it.
 * @throws HeldFileError where that cannot be told
 */
export async function isOperatorBundle(folder: string): Promise<boolean> {
  return (await listFolder(folder)).some(({ name }) => TELLING.includes(name));
}

async function listFolder(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw readFailure(folder, error);
  });
}

/** Refuses checksums that cover other files than a bundle has by its rule. */
function assertNames(expected: readonly string[], sums: ReadonlyMap<string, string>): void {
  const missing = expected.find((name) => !sums.has(name));
  if (missing !== undefined) throw damaged(`${missing}: a bundle has it, and it has no checksum`);
  const other = [...sums.keys()].find((name) => !expected.includes(name));
  if (other !== undefined) throw damaged(`${other}: has a checksum and is no file of a bundle`);
}

/**
 * Makes every document again that follows from the manifest, the records of boots and the recorded options, and compares their
 * bytes. Returns the records, verified again, and the options.
 */
async function assertDerived(
  root: string,
  validation: ArtifactValidation,
  sums: ReadonlyMap<string, string>,
  {
    inspect,
    machines,
  }: {
    readonly inspect: (file: FilePlace) => Promise<InspectedFile>;
    /** Whose signatures of records count now. */
    readonly machines: SignerPolicy | undefined;
  },
): Promise<{ readonly records: VerifiedRecord[]; readonly options: BundleOptions }> {
  const { report: name } = BUNDLE_FILE;
  if (!sums.has(name)) throw damaged(`${name}: a bundle has it, and it has no checksum`);
  const { bytes, sha256 } = await readStableFile(fileBelow(root, name), { maxBytes: MAX_DOCUMENT_BYTES });
  assertSum(name, sums.get(name), sha256);
  const report = parseDocument(bytes);
  const options = readOptions(report);
  if (options === undefined) throw damaged(`${name}: does not say with what the bundle was made`);
  const field = (wanted: string) => report.fields.find(({ key }) => key === wanted)?.value ?? '';
  const { manifest } = validation;
  const records = options.bootRecords.map((digest) => verifyBundled(root, digest, { signers: machines }));
  const files = records.flatMap(bundledFiles);
  const lists = listNames(options.verifiedBy);
  assertNames([...bundleNames(manifest), ...lists, ...files.map(([file]) => file)], sums);
  // The documents are made again by the lists that lie in the bundle: what they say is what was found by those.
  const signers =
    options.verifiedBy && (await bundledSigners(options.verifiedBy, (file) => fileBelow(root, file)));
  const { loaded } = validation;
  const asMade = await validateArtifacts(loaded, { inspect, signers });
  for (const [file, found] of files) assertSum(file, sums.get(file), found);
  const { texts } = await deriveDocuments(
    {
      manifest,
      validation: asMade,
      names: artifactNames(manifest),
      artifactManifestPath: field('artifact_manifest_path'),
      bundleDir: field('bundle_dir'),
      options,
      records,
    },
    {
      inspectorFor: (platform) => replayingInspector(options.seen[platform]),
      isoPath: validation.iso?.resolvedPath ?? '',
      seen: () => options.seen,
    },
  );
  for (const [file, text] of texts) {
    if (createHash('sha256').update(text).digest('hex') !== sums.get(file)) {
      throw damaged(
        `${file}: is not what this version makes of ${BUNDLE_FILE.manifest} and the recorded options`,
      );
    }
  }
  return { records, options };
}

function assertSum(name: string, expected: string | undefined, found: string): void {
  if (found !== expected) throw damaged(`${name}: expected sha256:${expected}, found sha256:${found}`);
}

function assertListing(
  listed: readonly string[],
  present: readonly string[],
  onAdded: (name: string) => void,
): void {
  const sorted = [...listed].sort(compareBytes);
  if (listed.some((name, index) => name !== sorted[index])) {
    throw damaged(`${BUNDLE_FILE.checksums}: expected the names in byte order`);
  }
  const missing = listed.find((name) => !present.includes(name));
  if (missing !== undefined) throw damaged(`${missing}: has a checksum but is not there`);
  for (const name of [...present].sort(compareBytes)) {
    if (name !== BUNDLE_FILE.checksums && !listed.includes(name)) onAdded(name);
  }
}

function refuseAdded(name: string): never {
  throw damaged(`${name}: is there but has no checksum`);
}
