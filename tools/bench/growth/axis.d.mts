// SPDX-License-Identifier: Apache-2.0
export interface Unit {
  readonly step: number;
  readonly write: (value: number) => string;
}
export const UNITS: Readonly<Record<'count' | 'bytes' | 'seconds' | 'mebibytes', Unit>>;
export function logAxis(
  values: readonly number[],
  length: number,
  unit: Unit,
): {
  readonly at: (value: number) => number;
  readonly marks: readonly { readonly at: number; readonly text: string }[];
};
