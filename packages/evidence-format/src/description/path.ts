// SPDX-License-Identifier: Apache-2.0

/** Returns what stands at `a.b` in an object, undefined where there is nothing on the way. */
export function valueAt(root: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), root);
}

/** Puts a value at `a.b` in an object, making the objects on the way. */
export function putAt(root: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((object, name) => {
    const inner = object[name];
    if (isObject(inner)) return inner;
    const made: Record<string, unknown> = {};
    object[name] = made;
    return made;
  }, root);
  parent[last] = value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
