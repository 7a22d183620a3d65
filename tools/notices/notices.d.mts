// SPDX-License-Identifier: Apache-2.0
export const NOTICES: string;

/** As much of esbuild's metafile as decides. */
export interface BundleMetafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier. */
  readonly license: string;
  /** Of license and notice files, never empty. */
  readonly texts: readonly string[];
}

export function bundledPackages(metafile: BundleMetafile, cwd: string): BundledPackage[];
export function formatNotices(bundle: string, packages: readonly BundledPackage[]): string;
