// SPDX-License-Identifier: Apache-2.0
/** What runs in a thread that measures or copies a file: see `aside.ts`. */
import { fdatasync, fsync, ftruncate } from 'node:fs';
import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { type PumpTarget, pump } from '../pump.js';
import { type MeasureOptions, sumOpen } from '../sums.js';
import { type AsideReport, type AsideTask, reportFailure } from './task.js';

/** How much is done before it is told: some milliseconds' worth. */
const TOLD_BYTES = 8 << 20;

const { file, target, sums } = workerData as AsideTask;
const tell = (report: AsideReport) => parentPort?.postMessage(report);
const controller = new AbortController();
parentPort?.once('message', () => controller.abort());

let untold = 0;
const options: MeasureOptions = {
  ...sums,
  signal: controller.signal,
  onBytes(count) {
    untold += count;
    if (untold < TOLD_BYTES) return;
    tell({ bytes: untold });
    untold = 0;
  },
};

/** Speaks to a descriptor, which the other thread opened, as to a FileHandle. */
const handleOf = (fd: number): PumpTarget => ({
  fd,
  datasync: () => promisify(fdatasync)(fd),
  truncate: (size) => promisify(ftruncate)(fd, size),
  sync: () => promisify(fsync)(fd),
});

(target === undefined ? sumOpen(file, options) : pump(file, handleOf(target.fd), target.path, options))
  .then(
    (measurement) => {
      tell({ bytes: untold });
      tell({ measurement });
    },
    (error: unknown) => tell({ failure: reportFailure(error) }),
  )
  .finally(() => parentPort?.close());
