// SPDX-License-Identifier: Apache-2.0
/**
 * Reports what packages export, as declarations: of every entry each name with its type, and behind them what those types are
 * made of though it has no name outside. Comments are left out, so that a report changes where the types do and nowhere else.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Lists the libraries below a root.
 * @returns folder, name, and entries as subpath and source file, in the order of their names
 */
export function librariesIn(root) {
  return readdirSync(join(root, 'packages'))
    .sort()
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .map((name) => {
      const folder = join('packages', name);
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const entries = Object.entries(manifest.exports ?? {})
        .filter(([, target]) => typeof target === 'object' && target['@latticra/source']?.endsWith('.ts'))
        .map(([subpath, target]) => ({ subpath, file: join(root, folder, target['@latticra/source']) }));
      return { folder, name: manifest.name, entries };
    })
    .filter(({ entries }) => entries.length > 0);
}

/** Declares the sources of entries, and returns a Map from file to the text of its declarations. */
export function declare(files, options) {
  const program = ts.createProgram(files, {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    removeComments: true,
    stripInternal: false,
    outDir: undefined,
  });
  const texts = new Map();
  program.emit(
    undefined,
    (path, text, _, __, sources) => {
      for (const { fileName } of sources ?? [])
        if (path.endsWith('.d.ts')) texts.set(fileName, inOneOrder(text));
    },
    undefined,
    true,
  );
  return texts;
}

/**
 * Sorts the texts that an inferred type may be. The compiler tells them in the order in which it came across them anywhere: what is added in
 * one package would change what another is said to export.
 */
export function inOneOrder(text) {
  return text.replace(/^.*\bimport\(".*$/gm, (line) =>
    line.replace(/"[^"]*"(?: \| "[^"]*")+/g, (union) => union.split(' | ').sort().join(' | ')),
  );
}

/** Formats the report of a library. @param texts what {@link declare} gave */
export function formatReport({ name, folder, entries }, texts, root) {
  const modules = new Modules(texts, join(root, folder));
  const lines = [
    `# API of ${name}`,
    '',
    'Written by `pnpm api`; CI holds it to the sources, and a change of it to a changeset.',
    '',
  ];
  const named = new Map();
  for (const { subpath, file } of entries) {
    const found = modules.exportsOf(file);
    const entry = subpath === '.' ? name : join(name, subpath);
    const shown = [...found].sort(byName).flatMap(([exported, place]) => {
      const key = keyOf(place);
      if (named.has(key)) return [`export { ${exported} } from '${named.get(key)}';`, ''];
      named.set(key, entry);
      return modules.show(place, exported);
    });
    lines.push(`## ${entry}`, '', '```ts', ...shown.slice(0, -1), '```', '');
  }
  const inner = modules.reachedFrom(named);
  if (inner.length > 0) {
    const shown = inner.flatMap((place) => modules.show(place, place.name));
    lines.push('## What these are made of', '', '```ts', ...shown.slice(0, -1), '```', '');
  }
  return lines.join('\n');
}

const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = ({ file, name }) => `${file}#${name}`;

/** The declarations of sources, and how they lead to each other. */
class Modules {
  #texts;
  #folder;
  #parsed = new Map();

  constructor(texts, folder) {
    this.#texts = texts;
    this.#folder = folder;
  }

  #parse(file) {
    if (!this.#parsed.has(file)) {
      const text = this.#texts.get(file);
      if (text === undefined) throw new Error(`${file}: has no declarations`);
      this.#parsed.set(file, ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
    }
    return this.#parsed.get(file);
  }

  /** Returns the source that a relative specifier means; undefined for another package, or for no TypeScript. */
  #resolve(from, specifier) {
    if (!specifier.startsWith('.')) return undefined;
    const file = join(dirname(from), specifier.replace(/\.js$/, '.ts'));
    return this.#texts.has(file) ? file : undefined;
  }

  /** Lists what a module exports, by name, with the place where each is declared. */
  exportsOf(file) {
    const found = new Map();
    for (const statement of this.#parse(file).statements) {
      if (
        ts.isExportDeclaration(statement) &&
        statement.exportClause &&
        ts.isNamedExports(statement.exportClause)
      ) {
        const from = statement.moduleSpecifier?.text;
        for (const { name, propertyName } of statement.exportClause.elements) {
          found.set(name.text, this.#place(file, from, (propertyName ?? name).text));
        }
      } else if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
        for (const name of namesOf(statement)) found.set(name, { file, name });
      }
    }
    return found;
  }

  /** Finds where a name is declared, through the modules that hand it on. */
  #place(file, specifier, name) {
    if (specifier === undefined) return this.#local(file, name) ?? { file, name };
    const next = this.#resolve(file, specifier);
    if (next === undefined) return { file, name, from: specifier };
    return this.exportsOf(next).get(name) ?? this.#local(next, name) ?? { file: next, name };
  }

  /** Finds what a name within a module means: its own, or an imported one. Undefined for a global one. */
  #local(file, name) {
    for (const statement of this.#parse(file).statements) {
      if (namesOf(statement).includes(name)) return { file, name };
      if (!ts.isImportDeclaration(statement)) continue;
      const bindings = statement.importClause?.namedBindings;
      if (!bindings || !ts.isNamedImports(bindings)) continue;
      const element = bindings.elements.find((each) => each.name.text === name);
      if (element)
        return this.#place(file, statement.moduleSpecifier.text, (element.propertyName ?? element.name).text);
    }
    return undefined;
  }

  #statements({ file, name }) {
    return this.#parse(file).statements.filter((statement) => namesOf(statement).includes(name));
  }

  /** Shows a declaration as it is, under the name that it has outside. */
  show(place, exported) {
    if (place.from !== undefined) return [`export { ${place.name} } from '${place.from}';`, ''];
    const statements = this.#statements(place);
    if (statements.length === 0) return [`${exported}: not found`, ''];
    const alias = exported === place.name ? [] : [`// ${place.name} as ${exported}`];
    return [...alias, ...statements.flatMap((statement) => plain(statement.getText()).split('\n')), ''];
  }

  /** Lists what named declarations are made of, and is not named itself, by file and name. */
  reachedFrom(named) {
    const pending = [...named.keys()].map(placeOf);
    const reached = new Map();
    for (let place = pending.pop(); place; place = pending.pop()) {
      if (place.from !== undefined || !this.#texts.has(place.file)) continue;
      for (const statement of this.#statements(place)) {
        for (const name of typesIn(statement)) {
          const next = this.#local(place.file, name);
          if (!next || next.from !== undefined || named.has(keyOf(next)) || reached.has(keyOf(next)))
            continue;
          reached.set(keyOf(next), next);
          pending.push(next);
        }
      }
    }
    const path = ({ file, name }) => `${relative(this.#folder, file)}#${name}`;
    return [...reached.values()].sort((a, b) => byName([path(a)], [path(b)]));
  }
}

const placeOf = (key) => ({
  file: key.slice(0, key.lastIndexOf('#')),
  name: key.slice(key.lastIndexOf('#') + 1),
});

/** Returns the names that a statement declares. */
function namesOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  return statement.name && ts.isIdentifier(statement.name) ? [statement.name.text] : [];
}

/** Returns the names of types and values that a declaration is made of. */
function typesIn(node) {
  const found = new Set();
  const visit = (child) => {
    if (ts.isTypeReferenceNode(child)) found.add(firstOf(child.typeName));
    else if (ts.isExpressionWithTypeArguments(child) && ts.isIdentifier(child.expression))
      found.add(child.expression.text);
    else if (ts.isTypeQueryNode(child)) found.add(firstOf(child.exprName));
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

const firstOf = (name) => (ts.isIdentifier(name) ? name.text : firstOf(name.left));

/** Takes the words away that say nothing: all of it is declared, and exported. */
const plain = (text) =>
  text
    .replace(/^export declare |^declare |^export /, '')
    .replace(/\bdeclare /g, '')
    .trim();
