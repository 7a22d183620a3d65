// SPDX-License-Identifier: Apache-2.0

/** Returns what stands at `a.b` in an object, undefined where there is nothing on the way. */
export function valueAt(root: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), root);
}

/** Puts a value at `a.b` in an object, making the objects on the way. */
export function putAt(root: Record<string, unknown>, path: string, value: unknown): void {
  let parent = root;
  // In place of a list of names: this is done for every line of every document.
  let start = 0;
  for (let end = path.indexOf('.'); end >= 0; end = path.indexOf('.', start)) {
    const name = path.slice(start, end);
    start = end + 1;
    const inner = parent[name];
    if (isObject(inner)) {
      parent = inner;
      continue;
    }
    const made: Record<string, unknown> = {};
    parent[name] = made;
    parent = made;
  }
  parent[path.slice(start)] = value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
