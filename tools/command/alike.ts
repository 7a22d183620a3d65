// SPDX-License-Identifier: Apache-2.0
/** Makes modules that are in many bundles alike, so that what esbuild makes of them is made once. */
import type { SourceMap } from './maps.js';

const MAP = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/** A module without the texts of its sources, which esbuild would read and write each time. */
export interface WithoutContents {
  readonly code: string;
  /** Puts the texts back into the source map of what was made of the module. */
  withContents(map: SourceMap): SourceMap;
}

/**
 * Takes the texts of the sources out of the source map that is in a module.
 * @returns undefined where it has none: then esbuild takes the module itself to be the source
 */
export function withoutContents(code: string): WithoutContents | undefined {
  const [line, base64] = MAP.exec(code) ?? [];
  if (line === undefined || base64 === undefined) return undefined;
  const { sourcesContent = [], ...map }: SourceMap = JSON.parse(Buffer.from(base64, 'base64').toString());
  if (map.sources.length === 0) return undefined;
  const plain = Buffer.from(JSON.stringify(map)).toString('base64');
  return {
    code: `${code.slice(0, -line.length)}//# sourceMappingURL=data:application/json;base64,${plain}\n`,
    withContents(made) {
      if (made.sources.join('\n') !== map.sources.join('\n'))
        throw new Error(`expected ${map.sources.join()} as sources, found ${made.sources.join()}`);
      return { ...made, sourcesContent };
    },
  };
}

/**
 * Calls the other modules that a module imports by their place among them, in as many characters: their own names say what is in them, which
 * may be another thing in each bundle.
 * @returns the code, and what gives the own name of one of them for how it is called there
 */
export function namedByPlace(code: string): {
  readonly code: string;
  readonly realName: (name: string) => string;
} {
  const places = new Map<string, string>();
  const named = code.replace(
    /^((?:\} from|import) "|.*\bimport\(")(\.\/[^"]+)\.js"/gm,
    (all, before: string, name: string) => {
      const place = places.get(name) ?? `./${places.size}`.padEnd(name.length, '_');
      if (place.length > name.length) return all;
      places.set(name, place);
      return `${before}${place}.js"`;
    },
  );
  const names = new Map([...places].map(([name, place]) => [`${place}.js`, `${name}.js`]));
  return { code: named, realName: (name) => names.get(name) ?? name };
}
