// SPDX-License-Identifier: Apache-2.0
export function lastExponent(points: readonly { readonly x: number; readonly y: number }[]): number;
