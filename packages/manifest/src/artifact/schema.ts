// SPDX-License-Identifier: Apache-2.0
import {
  always,
  called,
  claims,
  type DocumentValue,
  defineDocument,
  digest,
  field,
  NONE,
  oneOf,
  optional,
  orWord,
  text,
} from '@latticra/evidence-format/define';
import { filePath, UNSIGNED_LOCAL } from '../file-path.js';

/** The formats of a VM image. */
export const VM_IMAGE_FORMATS = ['qcow2', 'raw'] as const;
export type VmImageFormat = (typeof VM_IMAGE_FORMATS)[number];

const signature = orWord(filePath, UNSIGNED_LOCAL, NONE);
const sbom = orWord(filePath, NONE);

/**
 * What a release consists of. Paths are as written: absolute, or relative to the manifest's folder. An artifact that
 * does not exist is `undefined`, never half recorded.
 */
export const artifactManifest = defineDocument('LATTICRA OS IMAGE ARTIFACT MANIFEST', [
  always('manifest_version', 1),
  always('artifact_set', 'os-image-release'),
  field('artifact_version', 'artifactVersion', text),
  field('source_commit', 'sourceCommit', text),
  field('source_tag', 'sourceTag', called(text, 'a tag or none', 'tag', NONE)),
  field('build_environment', 'buildEnvironment', text),
  optional('iso', [
    field('iso_artifact_path', 'path', filePath),
    field('iso_artifact_sha256', 'sha256', digest),
    field('iso_signature_path', 'signaturePath', signature),
    field('iso_sbom_path', 'sbomPath', sbom),
  ]),
  optional('vmImage', [
    field('vm_image_path', 'path', filePath),
    field('vm_image_format', 'format', oneOf(VM_IMAGE_FORMATS)),
    field('vm_image_sha256', 'sha256', digest),
    field('vm_signature_path', 'signaturePath', signature),
    field('vm_sbom_path', 'sbomPath', sbom),
  ]),
  always('usb_write_command_template_present', 1),
  always('vm_test_command_template_present', 1),
  field(
    'operator_recovery_path',
    'operatorRecoveryPath',
    orWord(called(filePath, 'a path, a URL', 'path', 'url'), NONE),
  ),
  ...claims('bootable_os_ready', 'production_os_claim'),
]);
export type ArtifactManifest = DocumentValue<typeof artifactManifest>;

/** A VM image as a manifest records it. */
export type VmImageRecord = NonNullable<ArtifactManifest['vmImage']>;

/** An artifact as a manifest records it: its path, its digest (64 hexadecimal digits), its signature and its SBOM. */
export type ArtifactRecord = NonNullable<ArtifactManifest['iso']>;
