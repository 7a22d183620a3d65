// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import ts from 'typescript';

/** Code with a call in every branch, and which call stands at the head of which function. */
interface Instrumented {
  readonly code: string;
  readonly next: number;
  readonly functions: readonly (readonly [name: string, index: number])[];
}

const COMPARISONS = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const CHOICES = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/** Writes calls of `trace.ts` into a source: one into each branch, and one in the place of each comparison by `===`. */
export function instrument(file: string, text: string, first: number): Instrumented {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const inserts: {
    readonly at: number;
    readonly order: number;
    readonly put: string;
    readonly cut: number;
  }[] = [];
  const functions: [string, number][] = [];
  let next = first;
  const insert = (at: number, put: string, cut = 0) => {
    inserts.push({ at, order: inserts.length, put, cut });
  };
  const wrap = (node: ts.Node) => {
    insert(node.getStart(), `(__fuzzHit(${next++}),(`);
    visit(node);
    insert(node.getEnd(), '))');
  };
  const enter = (body: ts.Block) => insert(body.getStart() + 1, `__fuzzHit(${next++});`);
  const visitStatement = (node: ts.Statement) => {
    if (ts.isBlock(node)) {
      enter(node);
      return visit(node);
    }
    insert(node.getStart(), `{__fuzzHit(${next++});`);
    visit(node);
    insert(node.getEnd(), '}');
  };
  const visitFunction = (node: ts.FunctionLikeDeclaration) => {
    for (const parameter of node.parameters) visit(parameter);
    const { body } = node;
    if (body === undefined) return;
    const name = nameOf(node);
    if (name !== undefined) functions.push([`${file}#${name}`, next]);
    if (!ts.isBlock(body)) return wrap(body);
    enter(body);
    visit(body);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isFunctionLike(node) && 'body' in node) {
      visitFunction(node as ts.FunctionLikeDeclaration);
      return;
    }
    if (ts.isIfStatement(node)) {
      visit(node.expression);
      visitStatement(node.thenStatement);
      if (node.elseStatement !== undefined) visitStatement(node.elseStatement);
      return;
    }
    if (ts.isIterationStatement(node, false)) {
      ts.forEachChild(node, (child) =>
        child === node.statement ? visitStatement(node.statement) : visit(child),
      );
      return;
    }
    if (ts.isCaseOrDefaultClause(node) && node.statements.length > 0) {
      insert((node.statements[0] as ts.Statement).getStart(), `__fuzzHit(${next++});`);
    }
    if (ts.isCatchClause(node)) enter(node.block);
    if (ts.isConditionalExpression(node)) {
      visit(node.condition);
      wrap(node.whenTrue);
      wrap(node.whenFalse);
      return;
    }
    if (ts.isBinaryExpression(node)) {
      const { left, right, operatorToken } = node;
      if (CHOICES.has(operatorToken.kind as never)) {
        visit(left);
        wrap(right);
        return;
      }
      if (COMPARISONS.has(operatorToken.kind as never) && !ts.isTypeOfExpression(left)) {
        const not = operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ? '!' : '';
        insert(node.getStart(), `${not}__fuzzSame((`);
        visit(left);
        insert(operatorToken.getStart(), '),(', 3);
        visit(right);
        insert(node.getEnd(), '))');
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  inserts.sort((one, other) => one.at - other.at || one.order - other.order);
  let code = '';
  let done = 0;
  for (const { at, put, cut } of inserts) {
    code += text.slice(done, at) + put;
    done = at + cut;
  }
  return { code: code + text.slice(done), next, functions };
}

function nameOf(node: ts.FunctionLikeDeclaration): string | undefined {
  if (node.name !== undefined && ts.isIdentifier(node.name)) return node.name.text;
  const { parent } = node;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}

/** The readers themselves, and the TOML parser that they build on; not what only tests use. */
const READERS = /(packages\/[\w-]+\/src\/|smol-toml\/dist\/)[\w./-]*\.(ts|js)$/;

/** Returns the plugin that instruments what it bundles, and the functions that it met, by file and name. */
export function instrumentation(root: string): {
  readonly plugin: Plugin;
  readonly functions: Map<string, number>;
} {
  const functions = new Map<string, number>();
  let next = 0;
  const plugin: Plugin = {
    name: 'fuzz-instrumentation',
    setup(bundler) {
      bundler.onLoad({ filter: READERS, namespace: 'file' }, ({ path }) => {
        if (/\/testing\//.test(path)) return undefined;
        const file = path.startsWith(root) ? path.slice(root.length).replace(/^\//, '') : path;
        const made = instrument(file, readFileSync(path, 'utf8'), next);
        next = made.next;
        for (const [name, index] of made.functions) functions.set(name, index);
        return { contents: made.code, loader: path.endsWith('.ts') ? 'ts' : 'js' };
      });
    },
  };
  return { plugin, functions };
}
