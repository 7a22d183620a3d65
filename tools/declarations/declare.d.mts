// SPDX-License-Identifier: Apache-2.0
export function declareLibraries(root: string): {
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
};
