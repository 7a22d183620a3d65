// SPDX-License-Identifier: Apache-2.0

/** What a function at the top of a module is declared as, where esbuild sets its name, and where it ends. */
const SET = /^__name\(([\w$]+), "\1"\);$/gm;
const ONE_LINE = /^((?:var|let|const) ([\w$]+) = )\/\* @__PURE__ \*\/ __name\((.*), "\2"\);$/gm;
const LINES =
  /^((?:var|let|const) ([\w$]+) = )\/\* @__PURE__ \*\/ __name\((.*(?:\n(?:[ \t].*)?)*?\n[})\]]+), "\2"\);$/gm;
const CLASS =
  /^((?:class ([\w$]+)|(?:var|let|const) ([\w$]+) = class)(?: extends .*)? \{\n) {2}static \{\n {4}__name\(this, "([\w$]+)"\);\n {2}\}$/gm;

/**
 * Takes away what esbuild's `keepNames` adds to functions and classes at the top of a module: they are not renamed, and have their names
 * of their declarations. Setting them takes time whenever the module is loaded, called or not. All else stays in its line and column.
 * @param code a module as esbuild prints it: not minified
 */
export function withoutTopNames(code: string): string {
  return code
    .replace(SET, blank)
    .replace(ONE_LINE, (all, declared: string, _name, value: string) => keep(all, declared, value))
    .replace(LINES, (all, declared: string, _name, value: string) => keep(all, declared, value))
    .replace(CLASS, (all, head: string, own?: string, assigned?: string, name?: string) =>
      (own ?? assigned) === name ? head + blank(all.slice(head.length)) : all,
    );
}

/** Returns as much room, of as many lines. */
export function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

/** Returns a declaration without what sets the name, at the place where it was. */
function keep(all: string, declared: string, value: string): string {
  const at = all.indexOf(value, declared.length);
  return (
    declared + blank(all.slice(declared.length, at)) + value + ';'.padStart(all.length - at - value.length)
  );
}
