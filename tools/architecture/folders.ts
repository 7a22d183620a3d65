// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from 'node:path';
import { importsOf, type Project, sourcesOf } from './workspace.js';

/**
 * Returns what a source file counts as: its folder; at the top of `src`, where files are not of one kind, the
 * file itself.
 * @param root `src` of the project
 */
function placeOf(file: string, root: string): string {
  const folder = dirname(file);
  return (folder === root ? file : folder).slice(root.length + 1);
}

/** Reads which places of a project's sources import which others. The entry, which only names exports, is none. */
function importsBetween(project: Project): Map<string, Set<string>> {
  const root = `${project.folder}/src`;
  const graph = new Map<string, Set<string>>();
  for (const file of sourcesOf(project)) {
    if (file === `${root}/index.ts`) continue;
    const from = placeOf(file, root);
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith('.')) continue;
      const to = placeOf(join(dirname(file), specifier).replace(/\.js$/, '.ts'), root);
      if (to !== from) targets.add(to);
    }
  }
  return graph;
}

/** Finds pairs of places that import each other, directly or through others, as `a, b` each. */
export function importCycles(project: Project): string[] {
  const graph = importsBetween(project);
  const reached = (from: string): Set<string> => {
    const seen = new Set<string>();
    const visit = (place: string): void => {
      for (const next of graph.get(place) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        visit(next);
      }
    };
    visit(from);
    return seen;
  };
  const places = [...graph.keys()].sort();
  const reach = new Map(places.map((place) => [place, reached(place)]));
  return places.flatMap((a, index) =>
    places
      .slice(index + 1)
      .filter((b) => reach.get(a)?.has(b) === true && reach.get(b)?.has(a) === true)
      .map((b) => `${a}, ${b}`),
  );
}
