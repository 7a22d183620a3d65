// SPDX-License-Identifier: Apache-2.0
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
