// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';

/** A line on stderr that shows how far long work is; nothing is shown where no terminal is. */
export interface Progress {
  /**
   * Runs `work`, which reports each `advance` in bytes and, where it goes by files, in files, and shows how
   * much of it is done.
   * @param label what is being done, as in `measuring disk.qcow2`
   * @param total how many bytes there are to do, where that is known; of a function it is what that returns, which is not called before
   *   it is shown
   */
  track<T>(label: string, work: (advance: Advance) => Promise<T>, total: Total | undefined): Promise<T>;
  /**
   * Runs `work` of which nothing is known but that it goes on, such as a boot, and shows for how long.
   * @param limitMs after how many milliseconds it is ended, where it is
   */
  wait<T>(label: string, work: () => Promise<T>, limitMs?: number): Promise<T>;
}

/** How many bytes there are to do, or what tells. */
export type Total = number | (() => number | undefined);

/** A report that so much more has been done. */
export type Advance = (bytes: number, files?: number) => void;

/** Anything quicker than this is not worth a line. */
const PATIENCE_MS = 1000;
const REDRAW_MS = 100;
/** How much of a label is shown: with the numbers behind it, one line of a narrow terminal. */
const MAX_LABEL = 38;

/**
 * Makes a progress line that is redrawn in place on descriptor `fd`.
 * @param isTerminal called only once there is something to draw, because finding out takes time at start-up
 */
export function createProgress(
  isTerminal: () => boolean,
  fd = 2,
  now: () => number = milliseconds,
): Progress {
  const draw = (text: string) => {
    try {
      writeSync(fd, `\r\u001b[K${text}`);
    } catch {
      // A terminal that went away must not end the work: there is nobody left to tell.
    }
  };
  /** Who has the line, and when it was last drawn: two that took turns on it nobody could read. */
  let owner: object | undefined;
  let ownerDrew = 0;
  return {
    async track(label, work, total) {
      const own = {};
      const began = now();
      let done = 0;
      let filesDone = 0;
      let drawn = 0;
      let whole: number | undefined;
      try {
        return await work((bytes, files = 0) => {
          done += bytes;
          filesDone += files;
          const time = now();
          if (time - began < PATIENCE_MS || time - drawn < REDRAW_MS || !isTerminal()) return;
          // What is done within other work has the line when that says nothing meanwhile.
          if (owner !== undefined && owner !== own && time - ownerDrew < PATIENCE_MS) return;
          owner = own;
          if (drawn === 0) whole = typeof total === 'function' ? total() : total;
          drawn = time;
          ownerDrew = time;
          // More than there was to do was not what was told.
          const known = whole !== undefined && whole > 0 && done <= whole ? whole : undefined;
          const share = known === undefined ? '' : ` ${Math.floor((100 * done) / known)}%`;
          const count = filesDone === 0 ? '' : `${filesDone} files, `;
          const perSecond = done / ((time - began) / 1000);
          const left =
            known === undefined || done === 0 || done === known
              ? ''
              : `, ${duration((known - done) / perSecond)} left`;
          draw(
            `${shorten(label)}${share}  ${count}${mebibytes(done)} MiB, ${mebibytes(perSecond)} MiB/s${left}`,
          );
        });
      } finally {
        if (owner === own) {
          owner = undefined;
          draw('');
        }
      }
    },
    async wait(label, work, limitMs) {
      const began = now();
      const limit = limitMs === undefined ? '' : ` of at most ${duration(limitMs / 1000)}`;
      let isDrawn = false;
      const timer = setInterval(() => {
        if (!isTerminal()) return;
        isDrawn = true;
        draw(`${shorten(label)}  ${duration((now() - began) / 1000)}${limit}`);
      }, PATIENCE_MS);
      try {
        return await work();
      } finally {
        clearInterval(timer);
        if (isDrawn) draw('');
      }
    },
  };
}

/** Returns the time as `performance.now()` does, which loads a good part of Node at its first call. */
function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Cuts the front off a long label: what it is about stands last in a path. */
function shorten(label: string): string {
  return label.length <= MAX_LABEL ? label : `…${label.slice(1 - MAX_LABEL)}`;
}

/** Formats seconds for a person, as `8 s` or `2 min 5 s`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
