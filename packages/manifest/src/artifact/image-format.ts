// SPDX-License-Identifier: Apache-2.0
import { ManifestError } from '../error.js';
import type { VmImageFormat } from './schema.js';

/** The first bytes of every qcow2 file (QEMU docs/interop/qcow2.txt, "Header"). */
const QCOW2_MAGIC = Buffer.from([0x51, 0x46, 0x49, 0xfb]);

/**
 * Checks an image's first bytes against the format it was declared to be: a qcow2 file handed on as raw
 * would boot nothing, and the other way round neither.
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
