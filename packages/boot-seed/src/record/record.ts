// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordedSource } from '@latticra/evidence-format/define';
import { type Measurement, writeFailure, writeFileAtomic } from '@latticra/held-files';
import { name, version } from '../../package.json';
import type { SeedBuild } from '../build/seed.js';
import type { VmImageBuild } from '../build/vm-image.js';
import { PREBUILT_PARTS, sumParts } from '../seed/parts.js';
import { type FoundImage, findInImage } from './found.js';
import { SEED_RECORD_FILE } from './names.js';
import { type SeedBuildRecord, seedBuildRecord } from './schema.js';

/** What a record says that the build itself does not know. */
export interface SeedRecordLabels extends Partial<RecordedSource> {
  /** This machine, by its platform and architecture, unless given. */
  readonly buildEnvironment?: string;
  /** This package unless given. */
  readonly tool?: { readonly name: string; readonly version: string };
  /** The folder as it was named: that of the build unless given. */
  readonly outputDir?: string;
  /** The inputs as they were named. */
  readonly kernel?: string | undefined;
  readonly grubConfig?: string | undefined;
}

/** A record that was written. */
export interface WrittenSeedRecord extends Measurement {
  readonly record: SeedBuildRecord;
}

/**
 * Writes the record of an ISO beside it. What it says of loaders and kernel is read out of the image as it was written, not out of
 * the file: another build may have replaced that by now.
 * @throws HeldFileError, ImageError, EvidenceError
 */
export async function writeSeedRecord(
  build: SeedBuild,
  labels: SeedRecordLabels = {},
): Promise<WrittenSeedRecord> {
  const found = findInImage(build.isoBytes, 'iso');
  const { kernelGivenSha256: sha256 } = build;
  return write(join(build.outputDir, SEED_RECORD_FILE.iso), {
    ...common(build, labels, found),
    toolchain: build.origin.toolchain === 'gnu' ? 'gnu' : 'prebuilt',
    machineCodeSha256: build.partsSha256,
    grubVersion: build.grub?.version,
    kernelInput:
      labels.kernel === undefined || sha256 === undefined ? undefined : { path: labels.kernel, sha256 },
    imageSizeMib: undefined,
    kernelFile: named(build.kernel),
    iso: named(build.iso),
    efiFile: undefined,
    esp: undefined,
    vmImage: undefined,
  });
}

/** Writes the record of a disk beside it, as {@link writeSeedRecord} does. */
export async function writeVmImageRecord(
  build: VmImageBuild,
  labels: SeedRecordLabels = {},
): Promise<WrittenSeedRecord> {
  const found = findInImage(build.qcow2Bytes, 'qcow2');
  return write(join(build.outputDir, SEED_RECORD_FILE.vmImage), {
    ...common(build, labels, found),
    toolchain: 'prebuilt',
    machineCodeSha256: sumParts(PREBUILT_PARTS),
    grubVersion: build.grub?.tools.version,
    kernelInput: { path: labels.kernel ?? build.kernelPath, sha256: build.kernelSha256 },
    imageSizeMib: build.imageSizeMib,
    kernelFile: undefined,
    iso: undefined,
    efiFile: named(build.uefiLoader),
    esp: named(build.esp),
    vmImage: named(build.qcow2),
  });
}

const named = ({ path, size, sha256 }: Measurement) => ({ path: basename(path), size, sha256 });
const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function common(
  { epoch, buildId, grub, outputDir: folder }: SeedBuild | VmImageBuild,
  labels: SeedRecordLabels,
  found: FoundImage,
) {
  const {
    tool = { name, version },
    outputDir = folder,
    sourceCommit = 'unknown',
    sourceTag = 'none',
    sourceTagObject = 'none',
    buildEnvironment = `local-${process.platform}-${process.arch}`,
  } = labels;
  return {
    tool,
    epoch,
    buildId,
    sourceCommit,
    sourceTag,
    sourceTagObject,
    buildEnvironment,
    outputDir,
    bootloader: grub ? ('grub' as const) : ('latticra' as const),
    kernel: { size: found.kernel.length, sha256: sum(found.kernel) },
    parts: found.parts,
    grubConfig: found.grubConfig && { sha256: sum(found.grubConfig), path: labels.grubConfig },
  };
}

async function write(path: string, record: SeedBuildRecord): Promise<WrittenSeedRecord> {
  // A signature of the record that was here is none of this one.
  await rm(`${path}.sig`, { force: true }).catch((error: unknown) => {
    throw writeFailure(`${path}.sig`, error);
  });
  return { ...(await writeFileAtomic(path, seedBuildRecord.format(record))), record };
}
