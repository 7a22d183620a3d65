// SPDX-License-Identifier: Apache-2.0
import type { Unit } from './axis.mjs';
export interface PlotPanel {
  readonly title: string;
  readonly note: string;
  readonly x: Unit;
  readonly points: readonly { readonly x: number; readonly ys: readonly number[] }[];
}
export function drawPlot(
  picture: {
    readonly title: string;
    readonly description: string;
    readonly curves: readonly string[];
    readonly y: Unit;
  },
  panels: readonly PlotPanel[],
): string;
