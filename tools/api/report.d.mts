// SPDX-License-Identifier: Apache-2.0
import type { CompilerOptions } from 'typescript';

export interface Library {
  readonly folder: string;
  readonly name: string;
  readonly entries: readonly { readonly subpath: string; readonly file: string }[];
}

export function librariesIn(root: string): Library[];
export function declare(files: readonly string[], options: CompilerOptions): Map<string, string>;
export function formatReport(library: Library, texts: ReadonlyMap<string, string>, root: string): string;
export function inOneOrder(text: string): string;
