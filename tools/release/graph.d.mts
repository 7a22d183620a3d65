// SPDX-License-Identifier: Apache-2.0
/** A package or app that can be published. */
export interface ReleasedProject {
  readonly name: string;
  readonly version: string;
  /** Relative to the workspace's root. */
  readonly folder: string;
  /** Names of projects that its sources import. */
  readonly imports: readonly string[];
  /** Names of packages that are installed beside it. */
  readonly installed: readonly string[];
}

export function readProjects(root: string): Promise<Map<string, ReleasedProject>>;
export function carriedBy(projects: ReadonlyMap<string, ReleasedProject>): Map<string, Set<string>>;
