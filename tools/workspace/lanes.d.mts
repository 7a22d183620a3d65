// SPDX-License-Identifier: Apache-2.0
/** A lane of an app, as it is found there. */
export interface FoundLane {
  readonly name: string;
  readonly folder: string;
  readonly packageName: string;
  readonly source: string;
  readonly bin: string;
  readonly summary: string;
}

export declare const TABLE: string;
export declare function lanesIn(root?: string): readonly FoundLane[];
export declare function laneFiles(root?: string): ReadonlyMap<string, string>;
export declare function writeLanes(root?: string): void;
