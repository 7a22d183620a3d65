// SPDX-License-Identifier: Apache-2.0

/** Takes all steps of some work at once, and returns what it comes to. */
export function lastOf<T>(steps: Generator<void, T, undefined>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
