// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { type ByteSource, compareBytes, fileSource } from '@latticra/disk-image';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { measureFile, readFailure } from '@latticra/held-files';
import { type AnchoredFile, openAnchor, type ReadableFolder } from '@latticra/held-files/anchor';
import { BootSeedError } from '../error.js';
import type { BuildHost } from '../host.js';
import { readBuildId } from '../patch/build-id.js';
import { makeAgain } from './again.js';
import { type FoundImage, findInImage } from './found.js';
import { assertRecorded, notRepeated, reading, refused } from './refuse.js';
import { type SeedBuildRecord, seedBuildRecord } from './schema.js';
import { filesOf } from './shape.js';

/** What is validated, and how far. */
export interface ValidateSeedBuildOptions extends BuildHost {
  /** Of the record, as it was given. */
  readonly path: string;
  /** Where it is: what `path` names from the current folder unless given. */
  readonly resolvedPath?: string;
  /** Where the inputs that the record names are sought and measured; undefined where they are not. */
  readonly inputsFrom?: string | undefined;
  /** The folder of the record where it is held already, which stays open; it is opened by its path unless given. */
  readonly folder?: ReadableFolder | undefined;
  readonly onBytes?: (count: number) => void;
}

/** A build of the boot seed of which everything that can be checked holds. */
export interface SeedBuildValidation {
  readonly path: string;
  /** Of the record: lower-case hexadecimal. */
  readonly sha256: string;
  readonly record: SeedBuildRecord;
  readonly inputsMeasured: boolean;
}

/**
 * Takes an image of the boot seed apart, and believes nothing that its record says: kernel, loaders and configuration are found
 * in the image, and everything is made again as the recorded command makes it, and compared byte for byte.
 * @throws BootSeedError `record-differs` naming the file and what differs, `not-repeated`, `input-differs`; HeldFileError for a
 *   file that is missing, a link, or changes meanwhile; ToolchainError for a tool that the command needs
 */
export async function validateSeedBuild(options: ValidateSeedBuildOptions): Promise<SeedBuildValidation> {
  const { path, resolvedPath = resolve(path), inputsFrom } = options;
  const folder = options.folder ?? openAnchor(dirname(resolvedPath));
  const held: AnchoredFile[] = [];
  const open = (name: string) => {
    const file = folder.openFile(name);
    held.push(file);
    return file;
  };
  try {
    const name = basename(resolvedPath);
    const bytes = open(name).bytes(MAX_DOCUMENT_BYTES);
    const record = parse(name, bytes);
    await checkFiles(name, record, (file) => sourceOf(open(file)), options);
    if (inputsFrom !== undefined) await checkInputs(record, inputsFrom);
    for (const file of held) file.assertUnchanged();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, sha256, record, inputsMeasured: inputsFrom !== undefined };
  } finally {
    for (const file of held) file.close();
    if (options.folder === undefined) folder.close();
  }
}

const sourceOf = ({ path, fd, size }: AnchoredFile): ByteSource =>
  fileSource(fd, size, (cause) => readFailure(path, cause));

function parse(name: string, bytes: Uint8Array): SeedBuildRecord {
  try {
    return seedBuildRecord.parse(bytes);
  } catch (cause) {
    throw cause instanceof EvidenceError ? refused(name, cause.message, { cause }) : cause;
  }
}

async function checkFiles(
  name: string,
  record: SeedBuildRecord,
  open: (file: string) => ByteSource,
  { onBytes = () => undefined, signal = new AbortController().signal, ...host }: ValidateSeedBuildOptions,
): Promise<void> {
  const { format, image, files } = filesOf(name, record);
  const opened = new Map(files.map(({ path }) => [path, open(path)]));
  const source = opened.get(image.path) ?? open(image.path);
  const found = reading(image.path, () => findInImage(source, format));
  assertFound(image.path, found, record);
  const made = await makeAgain(name, record, found, { ...host, signal });
  for (const { path, size, sha256 } of files) {
    const theirs = opened.get(path) ?? open(path);
    const ours = made.get(path);
    if (ours === undefined) throw notRepeated(path, 'its command makes no such file', 'build it again');
    // Before it is read: a file may have any length, and be nearly all hole.
    assertRecorded(path, 'its size', theirs.size, size);
    const compared = await compareBytes(theirs, ours, { onBytes, signal });
    assertRecorded(path, 'its digest', compared.sha256, sha256);
    if (compared.differsAt === undefined) continue;
    throw notRepeated(
      path,
      `the command in its record gives another byte ${compared.differsAt}`,
      `see that the same version builds it: ${record.tool.name} ${record.tool.version}`,
    );
  }
}

function assertFound(name: string, found: FoundImage, record: SeedBuildRecord): void {
  const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const { kernel, parts, grubConfig } = found;
  assertRecorded(name, 'the digest of its kernel', sum(kernel), record.kernel.sha256);
  assertRecorded(name, 'the size of its kernel', kernel.length, record.kernel.size);
  assertRecorded(name, 'the build id of its kernel', readBuildId(kernel), record.buildId);
  assertRecorded(name, 'the digest of its master boot code', parts.masterBoot, record.parts.masterBoot);
  assertRecorded(name, 'the digest of its BIOS loader', parts.biosLoader, record.parts.biosLoader);
  assertRecorded(name, 'the digest of its UEFI loader', parts.uefiLoader, record.parts.uefiLoader);
  assertRecorded(
    name,
    'the digest of its grub.cfg',
    grubConfig && sum(grubConfig),
    record.grubConfig?.sha256,
  );
}

async function checkInputs({ kernelInput, grubConfig }: SeedBuildRecord, cwd: string): Promise<void> {
  for (const input of [kernelInput, grubConfig]) {
    if (input?.path === undefined) continue;
    const { sha256 } = await measureFile(resolve(cwd, input.path));
    if (sha256 === input.sha256) continue;
    throw new BootSeedError(
      'input-differs',
      `${input.path}: sha256:${sha256}, but the record says sha256:${input.sha256}`,
      { fix: 'give the file that it was built from, or build it again' },
    );
  }
}
