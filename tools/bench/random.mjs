// SPDX-License-Identifier: Apache-2.0
import { createCipheriv } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

const STEP = 2 ** 20;

/** Writes a file of `magic` and bytes that no file system can compress, the same each time. */
export function writeRandom(path, size, magic, seed) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  const zeros = Buffer.alloc(STEP);
  const fd = openSync(path, 'wx');
  for (let at = 0; at < size; at += STEP) {
    const bytes = cipher.update(zeros.subarray(0, size - at));
    if (at === 0) bytes.write(magic, 'latin1');
    writeSync(fd, bytes);
  }
  closeSync(fd);
}
