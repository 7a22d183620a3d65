// SPDX-License-Identifier: Apache-2.0
import type { FlagSpecs } from './flag-specs.js';
import type { Lane } from './lane.js';

/** Flags that every lane takes. */
export const COMMON_FLAGS = {
  json: { value: 'none', help: 'print the same answer as JSON' },
  quiet: { value: 'none', help: 'tell nothing on the way: the answer alone' },
  help: { value: 'none', short: 'h', help: 'print this text' },
  version: { value: 'none', help: 'print the version' },
} as const satisfies FlagSpecs;

/** Returns the `--manifest` flag of a lane, or nothing for a lane that no fixture guards. */
export function manifestFlag({ fixture }: Pick<Lane, 'fixture'>): FlagSpecs {
  if (fixture === undefined) return {};
  const help = `readiness fixture to be guarded by (default: ${fixture.defaultPath} here, else the one that ships)`;
  return { manifest: { value: 'path', help } };
}
