// SPDX-License-Identifier: Apache-2.0
import { type LoadedManifest, loadManifest } from '../load.js';
import { type InputBundleManifest, inputBundle } from './schema.js';

/** An input bundle manifest that was read, and where it lies. */
export type LoadedInputBundle = LoadedManifest<InputBundleManifest>;

/** Reads and parses an input bundle manifest. @throws HeldFileError, ManifestError */
export function loadInputBundle(path: string, cwd: string): Promise<LoadedInputBundle> {
  return loadManifest(path, cwd, inputBundle);
}
