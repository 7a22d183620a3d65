// SPDX-License-Identifier: Apache-2.0
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyRecord, type VerifiedRecord } from '@latticra/boot-cases/record';
import { type EvidenceDocument, formatChecksumLine, formatDocument } from '@latticra/evidence-format';
import {
  copyAndSum,
  copyAndUse,
  ensureFolder,
  type FilePlace,
  type KeptMeasurements,
  type Measurement,
  type MeasureOptions,
  writeFileAtomic,
} from '@latticra/held-files';
import { type InspectedFile, inspectOpen } from '@latticra/manifest';
import { NAMESPACES, type RecordSigner } from '@latticra/signature';
import { compareBytes } from './byte-order.js';
import { BUNDLE_FILE } from './names.js';
import { bundledFiles, recordFolder } from './records/files.js';
import type { TakenImages } from './taken.js';

/** A bundle that is being filled. Every digest is of the bytes that were written, taken while they were. */
export class Staging {
  readonly folder: string;
  /** What the copies of artifacts measured. */
  readonly kept: KeptMeasurements;
  readonly #taken: TakenImages | undefined;
  /** Digest (hexadecimal) by file name. */
  readonly #digests = new Map<string, string>();

  /** @param taken artifacts that were copied before; without them their copies are kept in `kept` */
  constructor(folder: string, kept: KeptMeasurements, taken?: TakenImages) {
    this.folder = folder;
    this.kept = taken?.kept ?? kept;
    this.#taken = taken;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async copy(from: FilePlace, name: string, options?: MeasureOptions): Promise<Measurement> {
    const measurement = await copyAndSum(from, this.path(name), options);
    this.#digests.set(name, measurement.sha256);
    return measurement;
  }

  /** Copies a file into a folder of the bundle, which is made where it is missing; its name has the folders on the way, with `/`. */
  async copyBelow(from: FilePlace, name: string): Promise<Measurement> {
    await ensureFolder(dirname(this.path(name)));
    return this.copy(from, name);
  }

  /** Returns the digest of a file that was written: 64 hexadecimal digits. */
  digestOf(name: string): string {
    return this.#digests.get(name) ?? '';
  }

  /** Lists what was written, in the byte order of the names. */
  files(): { readonly name: string; readonly sha256: string }[] {
    return [...this.#digests]
      .map(([name, sha256]) => ({ name, sha256 }))
      .sort((a, b) => compareBytes(a.name, b.name));
  }

  /** Copies a file and looks into it, through one descriptor, unless that was done before. */
  async copyInspected(from: FilePlace, name: string, options?: MeasureOptions): Promise<InspectedFile> {
    const to = this.path(name);
    const copied =
      (await this.#taken?.give(from, to, options)) ??
      (await copyAndUse(from, to, (file, measurement) => ({ measurement, inspection: inspectOpen(file) }), {
        ...options,
        keep: this.kept,
      }));
    this.#digests.set(name, copied.measurement.sha256);
    return copied;
  }

  /** Writes a file as it was read elsewhere. */
  async writeBytes(name: string, bytes: Uint8Array): Promise<void> {
    const { sha256 } = await writeFileAtomic(this.path(name), bytes);
    this.#digests.set(name, sha256);
  }

  /** Writes a file; `mode` are its permission bits before the umask. */
  async write(name: string, text: string, mode = 0o666): Promise<void> {
    const { sha256 } = await writeFileAtomic(this.path(name), text, { mode });
    this.#digests.set(name, sha256);
  }

  writeDocument(name: string, document: EvidenceDocument): Promise<void> {
    return this.write(name, formatDocument(document));
  }

  /** Copies a record of a boot with its files, verified again where it lies now. */
  async copyRecord(record: VerifiedRecord): Promise<VerifiedRecord> {
    const folder = this.path(recordFolder(record.sha256));
    await copyRecord(record, folder);
    for (const [name, sha256] of bundledFiles(record)) this.#digests.set(name, sha256);
    return { ...record, folder };
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.path(from), this.path(to));
    this.#digests.set(to, this.#digests.get(from) ?? '');
    this.#digests.delete(from);
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name));
    this.#digests.delete(name);
  }

  /** Writes the checksums of everything that is here, in the byte order of the names. */
  async writeChecksums(): Promise<void> {
    const lines = this.files().map(({ name, sha256 }) => formatChecksumLine(sha256, name));
    await this.write(BUNDLE_FILE.checksums, lines.join(''));
  }

  /** Signs the checksums, once they are written. @throws SignatureError, ToolchainError, HeldFileError */
  async signChecksums(signer: RecordSigner): Promise<void> {
    const { checksums, checksumsSignature } = BUNDLE_FILE;
    const armour = await signer.signMeasured(
      this.path(checksums),
      this.digestOf(checksums),
      NAMESPACES.artifact,
    );
    await writeFileAtomic(this.path(checksumsSignature), armour, { isNew: true });
  }
}
