// SPDX-License-Identifier: Apache-2.0

/** Returns what stands at `a.b` in an object, undefined where there is nothing on the way. */
export function valueAt(root: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), root);
}

/** The names in each path that something was put at: as many as descriptions have, and the same for every document. */
const NAMES = new Map<string, readonly string[]>();

function namesIn(path: string): readonly string[] {
  const known = NAMES.get(path);
  if (known !== undefined) return known;
  const names = path.split('.');
  NAMES.set(path, names);
  return names;
}

/** Puts a value at `a.b` in an object, making the objects on the way. */
export function putAt(root: Record<string, unknown>, path: string, value: unknown): void {
  const names = namesIn(path);
  const last = names.length - 1;
  let parent = root;
  for (let at = 0; at < last; at += 1) {
    const name = names[at] ?? '';
    const inner = parent[name];
    if (isObject(inner)) {
      parent = inner;
      continue;
    }
    const made: Record<string, unknown> = {};
    parent[name] = made;
    parent = made;
  }
  parent[names[last] ?? ''] = value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
