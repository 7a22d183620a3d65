// SPDX-License-Identifier: Apache-2.0
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Writes an ISO with one file of `size` bytes, all of them zero and none on the disk; `diskImage` as images.mjs takes it. */
export function writeSparseIso(path, size, { planIso, readBytes }) {
  const plan = planIso({ volumeId: 'BENCH', epoch: 0, files: [{ path: 'data', size }] });
  const fd = openSync(path, 'w');
  ftruncateSync(fd, plan.size);
  for (const { offset, source } of plan.metadata) {
    writeSync(fd, readBytes(source, 0, source.size), 0, source.size, offset);
  }
  closeSync(fd);
}
