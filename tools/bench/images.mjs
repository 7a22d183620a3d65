// SPDX-License-Identifier: Apache-2.0
/** Images of bytes that no file system can compress, which are what their names say. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { writeRandom } from './random.mjs';

const SECTOR = 512;

/** Writes `bytes` over those at `offset` of a file. */
function patch(path, edits) {
  const fd = openSync(path, 'r+');
  for (const [offset, bytes] of edits) writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}

/** Writes an ISO of about `size` bytes with one file; `diskImage` has what `@latticra/disk-image` exports, built. */
export function writeRandomIso(path, size, { planIso, readBytes }) {
  const plan = planIso({ volumeId: 'BENCH', epoch: 0, files: [{ path: 'data', size: size - 2 ** 20 }] });
  writeRandom(path, plan.size, '', 1);
  patch(path, [
    [0, Buffer.alloc(32 * 1024)],
    ...plan.metadata.map(({ offset, source }) => [offset, readBytes(source, 0, source.size)]),
  ]);
}

/** Writes a raw disk of `size` bytes with one partition in an MBR. */
export function writeRandomDisk(path, size) {
  writeRandom(path, size, '', 2);
  const first = Buffer.alloc(SECTOR);
  first[446 + 4] = 0x83;
  first.writeUInt32LE(2048, 446 + 8);
  first.writeUInt32LE(size / SECTOR - 2048, 446 + 12);
  first.writeUInt16LE(0xaa55, 510);
  patch(path, [[0, first]]);
}
