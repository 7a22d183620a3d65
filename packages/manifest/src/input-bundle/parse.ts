// SPDX-License-Identifier: Apache-2.0
import { NONE } from '../artifact/schema.js';
import { type ManifestReader, readManifest } from '../reader.js';
import { INPUT_BUNDLE_TITLE, type InputBundleManifest, type InputRecord, ROOTFS_FORMATS } from './schema.js';

/**
 * Reads an input bundle manifest: exactly its fields, each of its type.
 * @throws EvidenceError for the text, a missing, doubled or unknown key, a value of the wrong type
 * @throws ManifestError `manifest` for another title, version or kind, an empty value, `none` for an input
 */
export function parseInputBundle(input: Uint8Array | string): InputBundleManifest {
  const reader = readManifest(input, INPUT_BUNDLE_TITLE);
  reader.constant('manifest_version', '1');
  reader.constant('bundle_kind', 'os-image-build-inputs');
  const manifest = {
    sourceCommit: reader.recorded('source_commit'),
    buildEnvironment: reader.recorded('build_environment'),
    kernel: readInput(reader, 'kernel_image_input'),
    initramfs: readInput(reader, 'initramfs_input'),
    rootfs: {
      ...readInput(reader, 'rootfs_input'),
      format: reader.oneOf('rootfs_input_format', ROOTFS_FORMATS),
    },
    operatorRecoveryPath: reader.recorded('operator_recovery_path'),
  };
  reader.constant('bootable_os_ready', '0');
  reader.constant('production_os_claim', '0');
  reader.end();
  return manifest;
}

function readInput(reader: ManifestReader, prefix: string): InputRecord {
  const key = `${prefix}_path`;
  const path = reader.recorded(key);
  if (path === NONE) throw reader.problem(key, `expected a path, found ${NONE}: an image needs all inputs`);
  return { path, sha256: reader.digest(`${prefix}_sha256`) };
}
