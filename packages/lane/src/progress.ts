// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';

/** A line on stderr that shows how far long work is; nothing is shown where no terminal is. */
export interface Progress {
  /**
   * Runs `work`, which reports each `advance` in bytes and, where it goes by files, in files, and shows how
   * much of it is done.
   * @param label what is being done, as in `measuring disk.qcow2`
   * @param total how many bytes there are to do, where that is known
   */
  track<T>(label: string, work: (advance: Advance) => Promise<T>, total?: number): Promise<T>;
}

/** A report that so much more has been done. */
export type Advance = (bytes: number, files?: number) => void;

/** Anything quicker than this is not worth a line. */
const PATIENCE_MS = 1000;
const REDRAW_MS = 100;

/**
 * Makes a progress line that is redrawn in place on descriptor `fd`.
 * @param isTerminal called only once there is something to draw, because finding out takes time at start-up
 */
export function createProgress(
  isTerminal: () => boolean,
  fd = 2,
  now: () => number = () => performance.now(),
): Progress {
  const draw = (text: string) => {
    try {
      writeSync(fd, `\r\u001b[K${text}`);
    } catch {
      // A terminal that went away must not end the work: there is nobody left to tell.
    }
  };
  return {
    async track(label, work, total) {
      const began = now();
      let done = 0;
      let filesDone = 0;
      let drawn = 0;
      try {
        return await work((bytes, files = 0) => {
          done += bytes;
          filesDone += files;
          const time = now();
          if (time - began < PATIENCE_MS || time - drawn < REDRAW_MS || !isTerminal()) return;
          drawn = time;
          const share = total === undefined || total === 0 ? '' : ` ${Math.floor((100 * done) / total)}%`;
          const count = filesDone === 0 ? '' : `${filesDone} files, `;
          const rate = mebibytes(done / ((time - began) / 1000));
          draw(`${label}${share}  ${count}${mebibytes(done)} MiB, ${rate} MiB/s`);
        });
      } finally {
        if (drawn > 0) draw('');
      }
    },
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
