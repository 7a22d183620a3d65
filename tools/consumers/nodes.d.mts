// SPDX-License-Identifier: Apache-2.0
export declare const SUPPORTED: readonly string[];
export declare function versionsToRun(
  asked: { readonly node: readonly string[]; readonly supported: boolean },
  running: string,
): string[];
