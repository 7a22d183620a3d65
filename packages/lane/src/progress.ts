// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';

/** Says on stderr how far long work is; silent where nobody is looking. */
export interface Progress {
  /**
   * Begins a task.
   * @param total how much there is to do, usually in bytes; unknown when left out
   */
  start(label: string, total?: number): ProgressTask;
}

/** One task under way. */
export interface ProgressTask {
  /** Reports that `count` more is done. */
  advance(count: number): void;
  end(): void;
}

/** Anything quicker than this is not worth a line. */
const PATIENCE_MS = 1000;
const REDRAW_MS = 100;

const SILENT: ProgressTask = { advance() {}, end() {} };

/** Draws one line, redrawn in place, on `fd`, when that is a terminal. */
export function createProgress(
  isTerminal: boolean,
  fd = 2,
  now: () => number = () => performance.now(),
): Progress {
  if (!isTerminal) return { start: () => SILENT };
  const draw = (text: string) => {
    try {
      writeSync(fd, `\r\u001b[K${text}`);
    } catch {
      // A terminal that went away must not end the work: there is nobody left to tell.
    }
  };
  return {
    start(label, total) {
      const began = now();
      let done = 0;
      let drawn = 0;
      return {
        advance(count) {
          done += count;
          const time = now();
          if (time - began < PATIENCE_MS || time - drawn < REDRAW_MS) return;
          drawn = time;
          const rate = done / ((time - began) / 1000);
          const share = total === undefined || total === 0 ? '' : ` ${Math.floor((100 * done) / total)}%`;
          draw(`${label}${share}  ${mebibytes(done)} MiB, ${mebibytes(rate)} MiB/s`);
        },
        end() {
          if (drawn > 0) draw('');
        },
      };
    },
  };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
