// SPDX-License-Identifier: Apache-2.0
/**
 * Tests that need a program of the machine. Where it is missing the test is skipped and says which program;
 * in CI (`CI=true`), where `tools/ci-system-packages` has installed them all, that is a failure instead.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

const isFile = (path: string) => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Returns those of `names` that are missing: names are looked up on PATH and in the sbin folders, absolute
 * paths as they are.
 */
export function missingTools(names: readonly string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return names.filter((name) =>
    name.startsWith('/')
      ? !isFile(name)
      : !folders.some((folder) => folder !== '' && isFile(join(folder, name))),
  );
}

/** Declares a test that needs `tools`; see the file comment for what happens where one is missing. */
export function itWith(
  tools: readonly string[],
  name: string,
  test: () => Promise<void> | void,
  timeout?: number,
): void {
  const missing = missingTools(tools);
  if (missing.length === 0) {
    it(name, test, timeout);
  } else if (process.env.CI === 'true') {
    it(name, () => {
      throw new Error(`needs ${missing.join(', ')}: install it with tools/ci-system-packages`);
    });
  } else {
    it.skip(`${name} (skipped: needs ${missing.join(', ')})`, test);
  }
}

/** Declares a suite of which every test needs `tools`; the title of the suite says what is missing. */
export function describeWith(tools: readonly string[], name: string, suite: () => void): void {
  if (haveTools(...tools)) describe(name, suite);
  else describe.skip(`${name} (skipped: needs ${missingTools(tools).join(', ')})`, suite);
}

/** Returns whether all of them are here; in CI it throws for a missing one. */
export function haveTools(...tools: string[]): boolean {
  const missing = missingTools(tools);
  if (missing.length > 0 && process.env.CI === 'true') {
    throw new Error(`needs ${missing.join(', ')}: install it with tools/ci-system-packages`);
  }
  return missing.length === 0;
}
