// SPDX-License-Identifier: Apache-2.0
import { AT_START, IDLE_AT_START } from './at-start-list.js';

const KNOWN: ReadonlySet<string> = new Set(AT_START);

/** Returns a path from the folder of the workspace on, with slashes, and one of a package from elsewhere without its version. */
export function sourceOf(path: string): string {
  // What a plugin read has its path behind that of the bundle.
  const [, inner, own] =
    /[\\/](?:.*[\\/]((?:node_modules|packages|installer)[\\/].*)|.*?[\\/](apps[\\/].*))$/.exec(path) ?? [];
  return (inner ?? own ?? path).replaceAll('\\', '/');
}

/** By app, what runs when others start and not when it does. */
const IDLE: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(IDLE_AT_START).map(([app, sources]) => [app, new Set(sources)]),
);

/**
 * Returns whether a source is one of those that run when a command starts. The sources of apps are taken to be: they say what a lane is.
 * @param source as {@link sourceOf} has it
 * @param app the one that starts; any unless given
 */
export function isAtStart(source: string, app?: string): boolean {
  if (source.startsWith('apps/')) return true;
  return KNOWN.has(source) && IDLE.get(app ?? '')?.has(source) !== true;
}

/** Returns whether it is known of an app itself that something in a source runs when it starts. */
export function runsAtStartOf(source: string, app: string): boolean {
  return IDLE.has(app) && isAtStart(source, app);
}

/** Returns the app whose command or lane is made of these sources, or undefined. @param sources as {@link sourceOf} has them */
export function appOf(sources: readonly string[]): string | undefined {
  return sources.map((source) => /^apps\/([^/]+)\/src\/(?:lane|main)\.ts$/.exec(source)?.[1]).find(Boolean);
}
