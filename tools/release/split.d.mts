// SPDX-License-Identifier: Apache-2.0
interface Release {
  readonly name: string;
  readonly type: string;
}

export function splitChangeset(changeset: {
  readonly summary: string;
  readonly releases: readonly Release[];
}): (Release & { readonly summary: string })[];
export function sentencesOf(text: string): string[];
