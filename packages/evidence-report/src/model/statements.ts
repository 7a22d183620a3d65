// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, type ImageForm, isDocument } from '../read/content.js';
import { digestOf, lineOf } from '../read/document.js';
import {
  LINUX_BUILD,
  LINUX_VALIDATION,
  MANIFEST,
  RECORD,
  SEED_BUILD,
  SEED_RECORD,
  SEED_VM_BUILD,
  SMOKE,
  USB_COMMAND,
  VM_COMMAND,
} from '../read/titles.js';

/** What a digest in a document is about. */
export type Subject =
  | ImageForm
  /** A virtual machine's image, of which the document does not say the format. */
  | 'vm'
  | 'code'
  | 'kernel'
  | 'initramfs'
  | 'rootfs'
  | 'sbom'
  | 'manifest'
  | 'record';

/** A digest that a document states: it is compared with what was measured, and with what other documents say. */
export interface Statement {
  readonly by: EvidenceFile;
  readonly subject: Subject;
  readonly path: string | undefined;
  readonly sha256: string;
}

/** The lines with digests, by title: what they are about, the line with the path, and the line with the digest. */
const LINES: ReadonlyMap<string, readonly (readonly [Subject, string | undefined, string])[]> = new Map([
  [
    SEED_BUILD,
    [
      ['code', undefined, 'boot_seed_prebuilt_sha256'],
      ['kernel', 'boot_seed_kernel_path', 'boot_seed_kernel_sha256'],
      ['iso', 'boot_seed_iso_path', 'boot_seed_iso_sha256'],
    ],
  ],
  [
    SEED_VM_BUILD,
    [
      ['code', undefined, 'boot_seed_prebuilt_sha256'],
      ['kernel', 'boot_seed_kernel_path', 'boot_seed_kernel_sha256'],
      ['qcow2', 'boot_seed_vm_qcow2_path', 'boot_seed_vm_qcow2_sha256'],
    ],
  ],
  [
    SEED_RECORD,
    [
      ['code', undefined, 'boot_seed_machine_code_sha256'],
      ['kernel', 'boot_seed_kernel_path', 'boot_seed_kernel_sha256'],
      ['iso', 'boot_seed_iso_path', 'boot_seed_iso_sha256'],
      ['qcow2', 'boot_seed_vm_qcow2_path', 'boot_seed_vm_qcow2_sha256'],
    ],
  ],
  [
    LINUX_BUILD,
    [
      ['kernel', 'kernel_image_path', 'kernel_image_sha256'],
      ['initramfs', 'initramfs_path', 'initramfs_sha256'],
      ['rootfs', 'rootfs_path', 'rootfs_sha256'],
      ['iso', 'iso_path', 'iso_sha256'],
      ['qcow2', 'vm_image_qcow2_path', 'vm_image_qcow2_sha256'],
      ['raw', 'vm_image_raw_path', 'vm_image_raw_sha256'],
      ['sbom', 'sbom_path', 'sbom_sha256'],
      ['manifest', 'manifest_path', 'manifest_sha256'],
    ],
  ],
  [
    LINUX_VALIDATION,
    [
      ['record', 'build_record_path', 'build_record_sha256'],
      ['iso', undefined, 'iso_sha256'],
      ['qcow2', undefined, 'vm_image_qcow2_sha256'],
      ['raw', undefined, 'vm_image_raw_sha256'],
    ],
  ],
  [
    MANIFEST,
    [
      ['iso', 'iso_artifact_path', 'iso_artifact_sha256'],
      ['vm', 'vm_image_path', 'vm_image_sha256'],
    ],
  ],
  [USB_COMMAND, [['iso', 'iso_path', 'iso_measurement']]],
  [VM_COMMAND, [['vm', 'image_path', 'image_measurement']]],
  [RECORD, [['vm', undefined, 'image_sha256_before']]],
]);

/** Returns every statement of the documents of a folder, in the order of the files. */
export function statementsOf(files: readonly EvidenceFile[]): readonly Statement[] {
  return files.flatMap((file) => (isDocument(file) ? statementsIn(file) : []));
}

function statementsIn(file: DocumentFile): Statement[] {
  if (file.content.document.title === SMOKE) return smokeStatement(file);
  return (LINES.get(file.content.document.title) ?? []).flatMap(([about, pathKey, digestKey]) => {
    const sha256 = digestOf(file, digestKey);
    if (sha256 === undefined) return [];
    const subject = about === 'vm' ? vmForm(file) : about;
    return [{ by: file, subject, path: pathKey === undefined ? undefined : lineOf(file, pathKey), sha256 }];
  });
}

function smokeStatement(file: DocumentFile): Statement[] {
  const sha256 = digestOf(file, 'image_sha256_before');
  if (sha256 === undefined) return [];
  const iso = lineOf(file, 'boot_seed_iso_path');
  const path = iso ?? lineOf(file, 'boot_seed_vm_image_path');
  return [{ by: file, subject: iso === undefined ? 'vm' : 'iso', path, sha256 }];
}

function vmForm(file: DocumentFile): ImageForm | 'vm' {
  const format = lineOf(file, 'vm_image_format') ?? lineOf(file, 'image_format');
  return format === 'iso' || format === 'qcow2' || format === 'raw' ? format : 'vm';
}
