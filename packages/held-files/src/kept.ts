// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, renameSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { errnoOf } from '@latticra/failure';
import { writeFailure } from './error.js';
import { isSameFile, isSameMoment, type Moment } from './identity.js';
import type { Measurement } from './measurement.js';
import type { StableFile } from './open.js';

/** What is smaller is read again as quickly as it is looked up, and would take a descriptor. */
const WORTH_BYTES = 1 << 20;

/** The most files that are held: a process has few descriptors. */
const MOST = 64;

/**
 * How old the times of a file have to be, in milliseconds, so that whatever is written to it from now on gives it others: a tick of the
 * clock that they are taken from is at most ten, and a file system that keeps whole seconds may keep every other alone.
 */
const TICK_MS = 20;
const WHOLE_SECONDS_MS = 2500;

interface Held {
  readonly fd: number;
  readonly moment: Moment;
  readonly measurement: Measurement;
}

/**
 * Measurements of files that are held open since: what one step of a program found of a file, for the steps after it. Nothing is
 * found by a path. Whoever has a file open asks whether it is one of these, and it is where device, inode, size and both times are
 * what they were before it was read, which nothing else can be while the file is held. Small files are not kept: they are read again.
 */
export class KeptMeasurements {
  readonly #held = new Map<string, Held>();

  /**
   * Measures an open file by `measure`, and keeps what comes of it.
   * @param stats of the file, from before anything of it was read
   */
  async keep(
    file: StableFile,
    stats: BigIntStats,
    measure: () => Promise<Measurement>,
  ): Promise<Measurement> {
    const isWorth = file.size >= WORTH_BYTES && (await isSettled(stats));
    const measurement = await measure();
    if (isWorth) this.#hold(file.fd, stats, measurement);
    return measurement;
  }

  /** Keeps what a file measures that was written by this process, while it is open to be written. */
  keepWritten(fd: number, measurement: Measurement): void {
    if (measurement.size >= WORTH_BYTES) this.#hold(fd, fstatSync(fd, { bigint: true }), measurement);
  }

  /** Returns what an open file measures; undefined where it is none that is kept, or is not what it was, or was not summed by what is asked for. */
  of(
    { fd }: Pick<StableFile, 'fd'>,
    { sha1, sha512 }: { readonly sha1?: boolean; readonly sha512?: boolean } = {},
  ): Measurement | undefined {
    if (this.#held.size === 0) return undefined;
    const now = fstatSync(fd, { bigint: true });
    const held = this.#held.get(keyOf(now));
    if (held === undefined || !isSameMoment(held.moment, now)) return undefined;
    const { measurement } = held;
    const isSummed =
      (sha1 !== true || measurement.sha1 !== '') && (sha512 !== true || measurement.sha512 !== '');
    return isSummed ? measurement : undefined;
  }

  /**
   * Gives a file that is kept another name, which nothing has, in a folder that nobody else knows; a new name is a change that its times tell, and is taken for none here.
   * @returns false where it is not kept, or not what it was, or `to` is on another disk: then nothing was done
   * @throws HeldFileError as writing to `to`
   */
  rename(from: string, to: string): boolean {
    try {
      const named = lstatSync(from, { bigint: true });
      const key = keyOf(named);
      const held = this.#held.get(key);
      if (held === undefined || !isSameMoment(held.moment, named)) return false;
      renameSync(from, to);
      const moment = fstatSync(held.fd, { bigint: true });
      // That it was written to shows in the other time.
      if (moment.mtimeNs === named.mtimeNs && moment.size === named.size) {
        this.#held.set(key, { ...held, moment });
      } else this.#drop(key);
      return true;
    } catch (error) {
      if (errnoOf(error) === 'EXDEV') return false;
      throw writeFailure(to, error);
    }
  }

  /** Closes all files, and forgets what they measured. */
  close(): void {
    for (const key of [...this.#held.keys()]) this.#drop(key);
  }

  /** Holds a file by a descriptor of its own, where it is still what `moment` says. */
  #hold(fd: number, moment: Moment, measurement: Measurement): void {
    const key = keyOf(moment);
    this.#drop(key);
    if (this.#held.size >= MOST) return;
    const own = openAgain(fd, measurement.path);
    if (own === undefined) return;
    if (isSameMoment(moment, fstatSync(own, { bigint: true }))) {
      this.#held.set(key, { fd: own, moment, measurement });
    } else closeSync(own);
  }

  #drop(key: string): void {
    const held = this.#held.get(key);
    this.#held.delete(key);
    if (held !== undefined) closeSync(held.fd);
  }
}

/**
 * Lets `use` keep what it measures of files, for its later steps, and closes them all afterwards.
 *
 * @example
 * import { measureFile, withKeptMeasurements } from '@latticra/held-files';
 *
 * await withKeptMeasurements(async (kept) => {
 *   const { sha256 } = await measureFile('os.iso', { keep: kept });
 *   const again = await measureFile('os.iso', { known: kept });
 *   console.log(again.sha256 === sha256);
 * });
 */
export async function withKeptMeasurements<T>(use: (kept: KeptMeasurements) => Promise<T>): Promise<T> {
  const kept = new KeptMeasurements();
  try {
    return await use(kept);
  } finally {
    kept.close();
  }
}

const keyOf = ({ dev, ino }: Pick<Moment, 'dev' | 'ino'>): string => `${dev}:${ino}`;

/** Opens a file that is open once more; undefined where that cannot be. Only Linux names what is open; elsewhere the name may lead to another file by now. */
function openAgain(fd: number, path: string): number | undefined {
  const { O_RDONLY, O_NONBLOCK } = constants;
  try {
    const own = openSync(process.platform === 'linux' ? `/proc/self/fd/${fd}` : path, O_RDONLY | O_NONBLOCK);
    const [one, other] = [fd, own].map((each) => fstatSync(each, { bigint: true }));
    if (one !== undefined && other !== undefined && isSameFile(one, other)) return own;
    closeSync(own);
  } catch {
    // It is read again then.
  }
  return undefined;
}

/** Returns whether a file that is written to after this gets other times than these. It waits a tick of the clock for that. */
async function isSettled({ mtimeNs, ctimeNs }: BigIntStats): Promise<boolean> {
  const isWhole = [mtimeNs, ctimeNs].every((time) => time % 1_000_000_000n === 0n);
  const newest = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  const since = Date.now() - newest;
  if (isWhole) return since >= WHOLE_SECONDS_MS;
  if (since < 0) return false;
  if (since <= TICK_MS) await setTimeout(TICK_MS + 5 - since);
  return Date.now() - newest > TICK_MS;
}
