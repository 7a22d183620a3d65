// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { FlagSpecs } from '@latticra/lane';

/** The flag of every command that works in a project. */
export const ROOT_FLAG = {
  root: { value: 'path', placeholder: 'folder', help: 'the project root (default: the current folder)' },
} as const satisfies FlagSpecs;

/** The flag of every command that checks a project. */
export const ID_FLAG = {
  'expect-id': { value: 'text', placeholder: 'id', help: 'fail unless project.id is this' },
} as const satisfies FlagSpecs;

/** Returns the root, absolute. */
export function rootOf({
  flags,
  cwd,
}: {
  flags: { readonly root: string | undefined };
  cwd: string;
}): string {
  return resolve(cwd, flags.root ?? '.');
}
