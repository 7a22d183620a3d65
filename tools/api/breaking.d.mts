// SPDX-License-Identifier: Apache-2.0

export function removedLines(before: string, after: string): string[];
export function bumpsOf(texts: readonly string[]): Map<string, string>;
export function undeclared(change: {
  readonly name: string;
  readonly version: string;
  readonly before: string;
  readonly after: string;
  readonly bump?: string | undefined;
}): string | undefined;
export function raisedBy(before: string, version: string): string;
