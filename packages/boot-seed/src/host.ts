// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@latticra/toolchain';
import type { RunTool } from './tool.js';

/** What a build uses of the outside; each has a real default. */
export interface BuildHost {
  readonly env?: Environment;
  readonly run?: RunTool;
  readonly signal?: AbortSignal;
}
