// SPDX-License-Identifier: Apache-2.0
import { sourceProblem } from '@latticra/evidence-format/define';
import { SEED_FILE } from '../build/seed.js';
import { VM_IMAGE_FILE } from '../build/vm-image.js';
import { refused } from './refuse.js';
import type { SeedBuildRecord } from './schema.js';

/** The files that a build writes, by where its record has them. */
const NAMES = {
  iso: { kernelFile: SEED_FILE.kernel, iso: SEED_FILE.iso },
  qcow2: { efiFile: VM_IMAGE_FILE.uefiLoader, esp: VM_IMAGE_FILE.esp, vmImage: VM_IMAGE_FILE.qcow2 },
} as const;
const PLACES = ['kernelFile', 'iso', 'efiFile', 'esp', 'vmImage'] as const;

/** A file of a build as its record has it. */
export interface RecordedArtifact {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What a record is of, and the files that it has by that. */
export interface RecordedFiles {
  readonly format: 'iso' | 'qcow2';
  readonly image: RecordedArtifact;
  readonly files: readonly RecordedArtifact[];
}

/**
 * Returns what a record is of.
 * @throws BootSeedError `record-differs` for one that contradicts itself: both images or none, a file too many or too few or of
 *   another name, a version of GRUB without GRUB
 */
export function filesOf(name: string, record: SeedBuildRecord): RecordedFiles {
  const problem = sourceProblem(record);
  if (problem !== undefined) throw refused(name, problem);
  const format = record.iso === undefined ? 'qcow2' : 'iso';
  const names: Readonly<Partial<Record<(typeof PLACES)[number], string>>> = NAMES[format];
  const files = PLACES.flatMap((place) => {
    const [expected, found] = [names[place], record[place]];
    if (found?.path === expected) return found === undefined ? [] : [found];
    throw refused(
      name,
      `names the file ${found?.path ?? 'none'}, expected ${expected ?? 'none'}, beside the record of ${format === 'iso' ? 'an ISO' : 'a disk'}`,
    );
  });
  const image = format === 'iso' ? record.iso : record.vmImage;
  if (image === undefined) throw refused(name, 'has no image');
  const isGrub = record.bootloader === 'grub';
  if (isGrub !== (record.grubVersion !== undefined) || isGrub !== (record.grubConfig !== undefined)) {
    throw refused(name, 'grub_version and grub_cfg_sha256 go with the boot loader grub, and only with it');
  }
  if ((format === 'qcow2') !== (record.imageSizeMib !== undefined)) {
    throw refused(name, 'image_size_mib goes with a disk, and only with one');
  }
  if (format === 'qcow2' && record.kernelInput?.sha256 !== record.kernel.sha256) {
    throw refused(name, 'a disk holds the kernel that it was given, so both have one digest');
  }
  return { format, image, files };
}
