// SPDX-License-Identifier: Apache-2.0
/** A display of how far long work is, as the progress of a lane. */
export interface Tracker {
  /** Does what takes long, and shows how far it is. @param total how many bytes there are to do, or what tells, where it is known */
  track<T>(
    label: string,
    work: (advance: (bytes: number) => void) => Promise<T>,
    total: number | (() => number | undefined) | undefined,
  ): Promise<T>;
}
