// SPDX-License-Identifier: Apache-2.0

/** What a function at the top of a module is declared as, where esbuild sets its name, and where it ends. */
const SET = /^__name\(([\w$]+), "\1"\);$/gm;
const ONE_LINE = /^((?:var|let|const) ([\w$]+) = )\/\* @__PURE__ \*\/ __name\((.*), "\2"\);$/gm;
const LINES =
  /^((?:var|let|const) ([\w$]+) = )\/\* @__PURE__ \*\/ __name\((.*(?:\n(?:[ \t].*)?)*?\n[})\]]+), "\2"\);$/gm;
/** A property whose value is a function: it has its name of the property, which nothing renames. */
const PROPERTY = /^((\s+)([\w$]+): )\/\* @__PURE__ \*\/ __name\((.*), "\3"\)(,?)$/gm;
const PROPERTY_LINES =
  /^(( +)([\w$]+): )\/\* @__PURE__ \*\/ __name\((.*(?:\n(?:\2[ \t].*)?)*?\n\2[})\]]+), "\3"\)(,?)$/gm;
const CLASS =
  /^((?:class ([\w$]+)|(?:var|let|const) ([\w$]+) = class)(?: extends .*)? \{\n) {2}static \{\n {4}__name\(this, "([\w$]+)"\);\n {2}\}$/gm;

/**
 * Takes away what esbuild's `keepNames` adds to functions and classes at the top of a module and to functions that are properties: they are
 * not renamed, and have their names of their declarations. Setting them takes time whenever the code around them runs, called or not. All
 * else stays in its line and column.
 * @param code a module as esbuild prints it: not minified
 */
export function withoutKnownNames(code: string): string {
  const declaration = (all: string, declared: string, _name: string, value: string) =>
    keep(all, declared, value, ';');
  const property = (
    all: string,
    declared: string,
    _indent: string,
    _name: string,
    value: string,
    end: string,
  ) => keep(all, declared, value, end);
  return code
    .replace(SET, blank)
    .replace(ONE_LINE, declaration)
    .replace(LINES, declaration)
    .replace(PROPERTY, property)
    .replace(PROPERTY_LINES, property)
    .replace(CLASS, (all, head: string, own?: string, assigned?: string, name?: string) =>
      (own ?? assigned) === name ? head + blank(all.slice(head.length)) : all,
    );
}

/** Returns as much room, of as many lines. */
export function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Returns a declaration without what sets the name, at the place where it was. @param end what follows the value */
function keep(all: string, declared: string, value: string, end: string): string {
  const at = all.indexOf(value, declared.length);
  return (
    declared + blank(all.slice(declared.length, at)) + value + end.padStart(all.length - at - value.length)
  );
}
