// SPDX-License-Identifier: Apache-2.0
import { BUNDLE_FILE } from './names.js';
import { listFolder } from './present.js';

/** The names that only a bundle has. */
const TELLING: readonly string[] = [
  BUNDLE_FILE.report,
  BUNDLE_FILE.recovery,
  BUNDLE_FILE.usbLinux,
  BUNDLE_FILE.usbMacos,
  BUNDLE_FILE.vmTest,
];

/**
 * Returns whether a folder is an operator bundle: whether any of the files that only a bundle has lies in it.
 * @throws HeldFileError where that cannot be told
 */
export async function isOperatorBundle(folder: string): Promise<boolean> {
  return (await listFolder(folder)).some(({ name }) => TELLING.includes(name));
}
