// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from '../error.js';
import { type MissingDrivers, missingDrivers } from './drivers.js';
import { moduleName, parseBuiltins, parseDependencies } from './lists.js';

/** The modules that a root needs, and what its kernel has no driver for. */
export interface ModulePlan {
  /** Files below the folder of the version, each behind those that it depends on. */
  readonly load: readonly string[];
  readonly missingDrivers: readonly MissingDrivers[];
}

/** What `modules.dep` and `modules.builtin` of a kernel say. */
export interface ModuleLists {
  readonly dependencies: string;
  readonly builtins: string;
}

/** The modules without which there is no root. */
const NEEDED = { verity: ['dm_mod', 'dm_verity', 'erofs'], plain: ['dm_mod', 'erofs'] } as const;
/**
 * Algorithms that other modules ask the kernel for by a name of its own while they are loaded, which no dependency says;
 * some kernels have them built in, some in other places. They come first, where they are modules.
 */
const ALGORITHMS = {
  verity: ['crc32c_generic', 'sha256_generic', 'sha256'],
  plain: ['crc32c_generic'],
} as const;

/**
 * Plans which modules the helper has to load for a root of EROFS.
 * @throws LinuxImageError `modules-missing`, `modules-bad-list`
 */
export function planModules(root: 'verity' | 'plain', lists: ModuleLists): ModulePlan {
  const dependencies = parseDependencies(lists.dependencies);
  const builtins = parseBuiltins(lists.builtins);
  const files = new Map([...dependencies.keys()].map((path) => [moduleName(path), path]));
  const load = new Set<string>();
  const add = (path: string) => {
    for (const needed of [...(dependencies.get(path) ?? [])].reverse()) if (!load.has(needed)) add(needed);
    load.add(path);
  };
  for (const name of ALGORITHMS[root]) {
    const path = files.get(name);
    if (path !== undefined && !builtins.has(name)) add(path);
  }
  const missing: string[] = [];
  for (const name of NEEDED[root]) {
    const path = files.get(name);
    if (builtins.has(name)) continue;
    if (path === undefined) missing.push(name);
    else add(path);
  }
  if (missing.length > 0) {
    throw new LinuxImageError(
      'modules-missing',
      `the kernel has ${missing.join(' and ')} neither built in nor among its modules`,
      { fix: 'take a kernel that is built with them, as those of Debian are; or an image without a root' },
    );
  }
  return { load: [...load], missingDrivers: missingDrivers(new Set([...files.keys(), ...builtins])) };
}
