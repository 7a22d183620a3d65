// SPDX-License-Identifier: Apache-2.0
export function outsideInputsOf(
  project: string,
  root: string,
  withTests: boolean,
  known?: Map<string, unknown>,
): string[];
