// SPDX-License-Identifier: Apache-2.0
import { type FieldReader, parseDocument, readFields } from '@latticra/evidence-format';
import { ManifestError } from '../error.js';
import { expectNoSections, expectValue, nonEmpty } from '../expect.js';
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
  const document = parseDocument(input);
  expectValue('title', document.title, ARTIFACT_MANIFEST_TITLE);
  expectNoSections(document);
  const reader = readFields(document);
  const recorded = (key: string) => nonEmpty(key, reader.text(key));
  expectValue('manifest_version', reader.text('manifest_version'), '1');
  expectValue('artifact_set', reader.text('artifact_set'), 'os-image-release');
  const manifest = {
    artifactVersion: recorded('artifact_version'),
    sourceCommit: recorded('source_commit'),
    sourceTag: recorded('source_tag'),
    buildEnvironment: recorded('build_environment'),
    iso: readArtifact(
      reader,
      'iso_artifact_path',
      'iso_artifact_sha256',
      'iso_signature_path',
      'iso_sbom_path',
    ),
    vmImage: readVmImage(reader),
    operatorRecoveryPath: notDeclared('operator_recovery_path', recorded('operator_recovery_path')),
  };
  for (const key of ['usb_write_command_template_present', 'vm_test_command_template_present']) {
    expectValue(key, reader.text(key), '1');
  }
  for (const key of ['bootable_os_ready', 'production_os_claim']) expectValue(key, reader.text(key), '0');
  reader.end();
  return manifest;
}

function readVmImage(reader: FieldReader): ArtifactManifest['vmImage'] {
  const format = reader.oneOf('vm_image_format', [...VM_IMAGE_FORMATS, NONE]);
  const record = readArtifact(
    reader,
    'vm_image_path',
    'vm_image_sha256',
    'vm_signature_path',
    'vm_sbom_path',
  );
  if (record === undefined) {
    expectValue('vm_image_format', format, NONE);
    return undefined;
  }
  if (format === NONE) {
    throw new ManifestError(
      'manifest',
      `vm_image_format: expected ${VM_IMAGE_FORMATS.join(' or ')} beside vm_image_path, found none`,
    );
  }
  return { ...record, format };
}

function readArtifact(
  reader: FieldReader,
  pathKey: string,
  digestKey: string,
  signatureKey: string,
  sbomKey: string,
): ArtifactRecord | undefined {
  const path = nonEmpty(pathKey, reader.text(pathKey));
  const signaturePath = nonEmpty(signatureKey, reader.text(signatureKey));
  const sbomPath = nonEmpty(sbomKey, reader.text(sbomKey));
  if (path !== NONE) {
    notDeclared(pathKey, path);
    notDeclared(sbomKey, sbomPath);
    if (reader.text(digestKey) === NONE) {
      throw new ManifestError('manifest', `${digestKey}: expected a digest beside ${pathKey}, found none`);
    }
    return { path, sha256: reader.digest(digestKey), signaturePath, sbomPath };
  }
  for (const [key, value] of [
    [digestKey, reader.text(digestKey)],
    [signatureKey, signaturePath],
    [sbomKey, sbomPath],
  ] as const) {
    if (value !== NONE) {
      throw new ManifestError(
        'manifest',
        `${key}: expected none, because ${pathKey} is none, found ${JSON.stringify(value)}`,
      );
    }
  }
  return undefined;
}

/** The value, unless it is the word that only a signature can be declared with. @throws ManifestError `manifest` */
function notDeclared(key: string, value: string): string {
  if (value === UNSIGNED_LOCAL) {
    throw new ManifestError('manifest', `${key}: expected a path or ${NONE}, found ${UNSIGNED_LOCAL}`);
  }
  return value;
}
