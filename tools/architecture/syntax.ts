// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './workspace.js';

/** Parses a source file, named relative to the root, without types. */
export function parseSource(file: string): ts.SourceFile {
  return parseText(file, readFileSync(join(ROOT, file), 'utf8'));
}

/** Parses text as if it were a source file of that name. */
export function parseText(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Returns the line of a node, counted from 1. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
