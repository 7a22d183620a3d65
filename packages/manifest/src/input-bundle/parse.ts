// SPDX-License-Identifier: Apache-2.0
import { type FieldReader, parseDocument, readFields } from '@latticra/evidence-format';
import { NONE } from '../artifact/schema.js';
import { ManifestError } from '../error.js';
import { expectNoSections, expectValue, nonEmpty } from '../expect.js';
import { INPUT_BUNDLE_TITLE, type InputBundleManifest, type InputRecord, ROOTFS_FORMATS } from './schema.js';

/**
 * Reads an input bundle manifest: exactly its fields, each of its type.
 * @throws EvidenceError for the text, a missing, doubled or unknown key, a value of the wrong type
 * @throws ManifestError `manifest` for another title, version or kind, an empty value, `none` for an input
 */
export function parseInputBundle(input: Uint8Array | string): InputBundleManifest {
  const document = parseDocument(input);
  expectValue('title', document.title, INPUT_BUNDLE_TITLE);
  expectNoSections(document);
  const reader = readFields(document);
  const recorded = (key: string) => nonEmpty(key, reader.text(key));
  expectValue('manifest_version', reader.text('manifest_version'), '1');
  expectValue('bundle_kind', reader.text('bundle_kind'), 'os-image-build-inputs');
  const manifest = {
    sourceCommit: recorded('source_commit'),
    buildEnvironment: recorded('build_environment'),
    kernel: readInput(reader, 'kernel_image_input'),
    initramfs: readInput(reader, 'initramfs_input'),
    rootfs: {
      ...readInput(reader, 'rootfs_input'),
      format: reader.oneOf('rootfs_input_format', ROOTFS_FORMATS),
    },
    operatorRecoveryPath: recorded('operator_recovery_path'),
  };
  for (const key of ['bootable_os_ready', 'production_os_claim']) expectValue(key, reader.text(key), '0');
  reader.end();
  return manifest;
}

function readInput(reader: FieldReader, prefix: string): InputRecord {
  const key = `${prefix}_path`;
  const path = nonEmpty(key, reader.text(key));
  if (path === NONE) {
    throw new ManifestError('manifest', `${key}: expected a path, found ${NONE}: an image needs all inputs`);
  }
  return { path, sha256: reader.digest(`${prefix}_sha256`) };
}
