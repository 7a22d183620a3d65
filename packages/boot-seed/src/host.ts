// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@latticra/toolchain';
import type { RunTool } from './tool.js';

/** The means of the host that a build uses; each has a real default. */
export interface BuildHost {
  readonly env?: Environment;
  readonly run?: RunTool;
  readonly signal?: AbortSignal;
}
