// SPDX-License-Identifier: Apache-2.0
import { type ManifestReader, readManifest } from '../reader.js';
import {
  ARTIFACT_MANIFEST_TITLE,
  type ArtifactManifest,
  type ArtifactRecord,
  NONE,
  UNSIGNED_LOCAL,
  VM_IMAGE_FORMATS,
} from './schema.js';

/**
 * Reads an artifact manifest: exactly its fields, each of its type, and none that contradicts another.
 * @throws EvidenceError for the text, a missing, doubled or unknown key, a value of the wrong type
 * @throws ManifestError `manifest` for another title, another version, or a path beside `none`
 */
export function parseArtifactManifest(input: Uint8Array | string): ArtifactManifest {
  const reader = readManifest(input, ARTIFACT_MANIFEST_TITLE);
  reader.constant('manifest_version', '1');
  reader.constant('artifact_set', 'os-image-release');
  const manifest = {
    artifactVersion: reader.recorded('artifact_version'),
    sourceCommit: reader.recorded('source_commit'),
    sourceTag: reader.recorded('source_tag'),
    buildEnvironment: reader.recorded('build_environment'),
    iso: readArtifact(reader, ISO_KEYS),
    vmImage: readVmImage(reader),
    operatorRecoveryPath: readPath(reader, 'operator_recovery_path'),
  };
  reader.constant('usb_write_command_template_present', '1');
  reader.constant('vm_test_command_template_present', '1');
  reader.constant('bootable_os_ready', '0');
  reader.constant('production_os_claim', '0');
  reader.end();
  return manifest;
}

const ISO_KEYS = {
  path: 'iso_artifact_path',
  digest: 'iso_artifact_sha256',
  signature: 'iso_signature_path',
  sbom: 'iso_sbom_path',
};
const VM_KEYS = {
  path: 'vm_image_path',
  digest: 'vm_image_sha256',
  signature: 'vm_signature_path',
  sbom: 'vm_sbom_path',
};

function readVmImage(reader: ManifestReader): ArtifactManifest['vmImage'] {
  const format = reader.oneOf('vm_image_format', [...VM_IMAGE_FORMATS, NONE]);
  const record = readArtifact(reader, VM_KEYS);
  if (record === undefined) {
    reader.constant('vm_image_format', NONE);
    return undefined;
  }
  if (format === NONE) {
    throw reader.problem(
      'vm_image_format',
      `expected ${VM_IMAGE_FORMATS.join(' or ')} beside ${VM_KEYS.path}, found none`,
    );
  }
  return { ...record, format };
}

function readArtifact(reader: ManifestReader, keys: typeof ISO_KEYS): ArtifactRecord | undefined {
  const path = readPath(reader, keys.path);
  const signaturePath = reader.recorded(keys.signature);
  const sbomPath = readPath(reader, keys.sbom);
  const digest = reader.text(keys.digest);
  if (path !== NONE) {
    if (digest === NONE)
      throw reader.problem(keys.digest, `expected a digest beside ${keys.path}, found none`);
    return { path, sha256: reader.digest(keys.digest), signaturePath, sbomPath };
  }
  for (const [key, value] of [
    [keys.digest, digest],
    [keys.signature, signaturePath],
    [keys.sbom, sbomPath],
  ] as const) {
    if (value !== NONE) {
      throw reader.problem(
        key,
        `expected none, because ${keys.path} is none, found ${JSON.stringify(value)}`,
      );
    }
  }
  return undefined;
}

/** A path or `none`, but not the word that only a signature can be declared with. */
function readPath(reader: ManifestReader, key: string): string {
  const path = reader.recorded(key);
  if (path === UNSIGNED_LOCAL)
    throw reader.problem(key, `expected a path or ${NONE}, found ${UNSIGNED_LOCAL}`);
  return path;
}
