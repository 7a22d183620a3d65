// SPDX-License-Identifier: Apache-2.0

/**
 * Returns the nodes of a graph from which a way leads back to themselves.
 * @param graph what each node leads to
 */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const start of graph.keys()) {
    const seen = new Set<string>();
    const left = [...(graph.get(start) ?? [])];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      left.push(...(graph.get(node) ?? []));
    }
    if (seen.has(start)) found.add(start);
  }
  return found;
}
