// SPDX-License-Identifier: Apache-2.0
/** A display of how far long work is, as the progress of a lane. */
export interface Tracker {
  track<T>(label: string, work: (advance: (bytes: number) => void) => Promise<T>): Promise<T>;
}
