// SPDX-License-Identifier: Apache-2.0

/** Remembers the `limit` most recently used of the values that `load` makes. */
export function createCache<T>(limit: number, load: (key: number) => T): (key: number) => T {
  const values = new Map<number, T>();
  return (key) => {
    let value = values.get(key);
    if (value === undefined) {
      value = load(key);
      const oldest = values.keys().next();
      if (values.size >= limit && !oldest.done) values.delete(oldest.value);
    } else {
      values.delete(key);
    }
    // A Map iterates in the order of insertion, so what was just used goes to the end.
    values.set(key, value);
    return value;
  };
}
