// SPDX-License-Identifier: Apache-2.0
import { ManifestError } from '../error.js';
import type { VmImageFormat } from './schema.js';

/** The first bytes of every qcow2 file (QEMU docs/interop/qcow2.txt, "Header"). */
const QCOW2_MAGIC = Buffer.from([0x51, 0x46, 0x49, 0xfb]);

/**
 * Refuses an image whose first bytes are not of the format that it was declared to be: QEMU would not boot a qcow2
 * file as raw, nor a raw one as qcow2.
 * @param path of the image, for the message
 * @throws ManifestError `format`
 */
export function assertImageFormat(path: string, head: Uint8Array, declared: VmImageFormat): void {
  const content: VmImageFormat = QCOW2_MAGIC.equals(head.subarray(0, QCOW2_MAGIC.length)) ? 'qcow2' : 'raw';
  if (content !== declared) {
    throw new ManifestError('format', `${path}: expected a ${declared} image, found ${content} content`, {
      fix: `declare it as ${content}, or name the ${declared} file`,
    });
  }
}
