// SPDX-License-Identifier: Apache-2.0
import type { Lane, Program } from '@latticra/lane';

/** What an app exports as its `./lane`: one lane, or a program of several. */
export type LaneModule =
  | { readonly lane: unknown }
  | { readonly program: Program }
  | { readonly createProgram: (helperScript?: string) => Program };

/** A lane as the table has it, before any of its code is loaded. */
export interface LaneEntry {
  /** The word behind `latticra`. */
  readonly name: string;
  /** The command that is the same, and that stands in documents and bundles. */
  readonly bin: string;
  /** One line. */
  readonly summary: string;
  /** Loads the code. */
  readonly load: () => Promise<LaneModule>;
}

/** A command of `latticra` itself, before any of its code is loaded; it has no other name. */
export interface CommandEntry {
  readonly name: string;
  readonly bin?: undefined;
  /** One line: that of its lane. */
  readonly summary: string;
  readonly load: () => Promise<LaneModule>;
}

/** A lane that was loaded. */
export type Loaded = { readonly lane: Lane } | { readonly program: Program };
