// SPDX-License-Identifier: Apache-2.0
export function releaseSteps(
  root: string,
  options: { readonly without?: readonly ('tests' | 'consumers')[]; readonly env: NodeJS.ProcessEnv },
): (readonly [what: string, action: () => void])[];
export function whyNotClean(root: string): string | undefined;
export function whyNoAddress(root: string): string | undefined;
export function whyNotRaised(root: string): string | undefined;
