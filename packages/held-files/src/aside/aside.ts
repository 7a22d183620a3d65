// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { exhaustionOf } from '@latticra/failure';
import { HeldFileError } from '../error.js';
import type { Measurement } from '../measurement.js';
import type { StableFile } from '../open.js';
import type { MeasureOptions } from '../sums.js';
import { type AsideReport, type AsideTask, type AsideWork, failureOf } from './task.js';
import script from './thread.js?bundle';

/** From here on a thread saves more than its start takes. */
const WORTH_BYTES = 64 << 20;

/** Returns whether a file is worth a thread of its own, where one is asked for. */
export function isAside({ size }: StableFile, { aside }: MeasureOptions): boolean {
  return aside === true && size >= WORTH_BYTES && availableParallelism() > 1;
}

/**
 * Sums an open file in a thread of its own, and copies it where there is a target; this thread is free meanwhile. When this is
 * settled the thread is gone, and uses no descriptor any more. The caller makes sure that the file was the same one all along.
 * @throws HeldFileError `changed`, `io`; the reason of the signal
 */
export async function workAside(work: AsideWork, options: MeasureOptions): Promise<Measurement> {
  const { sha1, sha512, fromDisk, signal, onBytes } = options;
  signal?.throwIfAborted();
  const task: AsideTask = {
    file: { path: work.file.path, fd: work.file.fd, size: work.file.size },
    ...(work.target !== undefined && { target: work.target }),
    sums: { sha1: sha1 === true, sha512: sha512 === true, fromDisk: fromDisk === true },
  };
  // No flag of this process is the thread's, and none of its streams are ours.
  const alone = { argv: [], execArgv: [], env: {}, stdout: true, stderr: true };
  const worker = new Worker(script, { eval: true, workerData: task, ...alone });
  const stop = () => worker.postMessage('stop');
  signal?.addEventListener('abort', stop);
  try {
    const measurement = await new Promise<Measurement>((resolve, reject) => {
      worker.on('message', (report: AsideReport) => {
        if ('measurement' in report) resolve(report.measurement);
        else if ('failure' in report) reject(failureOf(report.failure));
        else {
          try {
            onBytes?.(report.bytes);
          } catch (error) {
            reject(error);
          }
        }
      });
      const gone = (cause?: unknown) =>
        reject(
          new HeldFileError('io', work.file.path, 'the thread that reads it did not do its work', {
            ...(cause !== undefined && { cause }),
            fix: exhaustionOf(cause)?.fix ?? 'see that there is memory enough, then run this again',
          }),
        );
      worker.on('error', gone);
      worker.on('exit', () => gone());
    });
    // A thread may be done before it hears of it.
    signal?.throwIfAborted();
    return measurement;
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
