// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { parseSource } from './syntax.js';
import { type Project, sourcesOf } from './workspace.js';

/** What an entry of a package exports under one name. */
interface Exported {
  readonly name: string;
  /** The file that declares it, relative to the root. */
  readonly file: string;
}

/** Reads what the entries of a package export, by entry: `@latticra/disk-image/gpt`. */
export function exportsOf(project: Project): ReadonlyMap<string, readonly Exported[]> {
  const entries = Object.entries(project.manifest.exports ?? {}).flatMap(([entry, target]) => {
    const source = target['@latticra/source'];
    if (source === undefined) return [];
    const file = join(project.folder, source);
    return [[`${project.name}${entry.slice(1)}`, exportsIn(file)] as const];
  });
  return new Map(entries);
}

function exportsIn(file: string): Exported[] {
  return parseSource(file).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    if (!ts.isNamedExports(statement.exportClause) || statement.moduleSpecifier === undefined) return [];
    if (!ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const target = join(dirname(file), statement.moduleSpecifier.text.replace(/\.js$/, '.ts'));
    return statement.exportClause.elements.map(({ name }) => ({ name: name.text, file: target }));
  });
}

/** Finds every name that a declaration mentions: in the types of its parameters and result, or anywhere in a type. */
export function namesNeededBy(project: Project, names: ReadonlySet<string>): ReadonlySet<string> {
  const declarations = new Map<string, ts.Node[]>();
  for (const file of sourcesOf(project)) {
    for (const statement of parseSource(file).statements) {
      for (const [name, node] of declared(statement)) {
        declarations.set(name, [...(declarations.get(name) ?? []), node]);
      }
    }
  }
  const needed = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const node of declarations.get(name) ?? []) {
      for (const type of typesIn(node)) {
        if (needed.has(type)) continue;
        needed.add(type);
        queue.push(type);
      }
    }
  }
  return needed;
}

function declared(statement: ts.Statement): (readonly [string, ts.Node])[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((each) =>
      ts.isIdentifier(each.name) ? [[each.name.text, each] as const] : [],
    );
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  ) {
    return statement.name === undefined ? [] : [[statement.name.text, statement] as const];
  }
  return [];
}

/** Finds the names of types in a declaration, bodies of functions and private members left out. */
function typesIn(root: ts.Node): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) return;
    if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) found.add(node.typeName.text);
    if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression)) {
      found.add(node.expression.text);
    }
    if (ts.isTypeQueryNode(node) && ts.isIdentifier(node.exprName)) found.add(node.exprName.text);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}
