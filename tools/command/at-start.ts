// SPDX-License-Identifier: Apache-2.0
import { AT_START } from './at-start-list.js';

const KNOWN: ReadonlySet<string> = new Set(AT_START);

/** Returns a path from the folder of the workspace on, with slashes, and one of a package from elsewhere without its version. */
export function sourceOf(path: string): string {
  // What a plugin read has its path behind that of the bundle.
  const [, inner, own] =
    /[\\/](?:.*[\\/]((?:node_modules|packages|installer)[\\/].*)|.*?[\\/](apps[\\/].*))$/.exec(path) ?? [];
  return (inner ?? own ?? path).replaceAll('\\', '/');
}

/**
 * Returns whether a source is one of those that run when a command starts. The sources of apps are taken to be: they say what a lane is.
 * @param source as {@link sourceOf} has it
 */
export function isAtStart(source: string): boolean {
  return source.startsWith('apps/') || KNOWN.has(source);
}
