// SPDX-License-Identifier: Apache-2.0
import ts from 'typescript';
import { lineOf } from './syntax.js';

/** A function or method that other files can call. */
export interface Callable {
  /** Of its declaration, counted from 1. */
  readonly line: number;
  readonly name: string;
  /** Whether it stands at the top of its file: no member of a class or interface. */
  readonly isFunction: boolean;
  /** The text of its doc comment up to the first tag; undefined where it has none. */
  readonly comment: string | undefined;
}

/** Finds what a file exports that can be called: functions, and the methods of classes and interfaces. */
export function callablesIn(source: ts.SourceFile): readonly Callable[] {
  const found = source.statements.filter(isExported).flatMap(callablesOf);
  // Of a function with overloads, the first declaration carries the comment.
  return found.filter(
    ({ name, isFunction }, index) =>
      !isFunction || found.findIndex((other) => other.isFunction && other.name === name) === index,
  );
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

function callablesOf(statement: ts.Statement): readonly Callable[] {
  if (ts.isFunctionDeclaration(statement)) return [callable(statement, statement.name, true)];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations
      .filter(
        ({ initializer: value }) =>
          value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)),
      )
      .map(({ name }) => callable(statement, name, true));
  }
  if (ts.isInterfaceDeclaration(statement)) {
    return statement.members.filter(ts.isMethodSignature).map((member) => callable(member, member.name));
  }
  if (ts.isClassDeclaration(statement)) {
    return statement.members.filter(isPublicMethod).map((member) => callable(member, member.name));
  }
  return [];
}

function isPublicMethod(member: ts.ClassElement): member is ts.MethodDeclaration {
  return (
    ts.isMethodDeclaration(member) &&
    !ts.isPrivateIdentifier(member.name) &&
    ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword) !== true
  );
}

function callable(node: ts.Node, name: ts.Node | undefined, isFunction = false): Callable {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  return {
    line: lineOf(node),
    name: name?.getText() ?? 'default',
    isFunction,
    comment: comment && (ts.getTextOfJSDocComment(comment.comment) ?? ''),
  };
}

/** Words that end like a verb in the third person, and are none at the beginning of a comment. */
const NO_VERBS = new Set(
  `Always As Bits Blocks Bounds Buses Bytes Characters Checksums Clusters Columns Constants Contents Digits Entries Fields Files
  Folders Headers Identifiers Images Is Its Keys Lines Members Namespaces Numbers Offsets Options Pairs Partitions Parts
  Paths Pieces Relationships Rows Seconds Sections Sectors Sizes Tags This Tokens Trees Units Values Versions Volumes Words`.split(
    /\s+/,
  ),
);

/** Words that are a verb, unless what follows makes a noun of them: `Names the file`, but `Names of files`. */
const EITHER = /^(Copies|Flags|Levels|Marks|Names|Notes|Places|Records|Sums|Types)$/;
const AFTER_NOUN = /^(and|as|below|by|for|from|in|of|one|on|that|under|which|with)$/;

/** Returns whether a comment begins with a verb in the third person. */
export function beginsWithVerb(comment: string): boolean {
  const [first = '', second = ''] = comment.split(/[\s,]+/, 2);
  if (!/^[A-Z][a-z]+s$/.test(first) || NO_VERBS.has(first)) return false;
  return !(EITHER.test(first) && AFTER_NOUN.test(second));
}
