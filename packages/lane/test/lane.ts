// SPDX-License-Identifier: Apache-2.0
import {
  defineLane,
  executeLane,
  type FixtureGuard,
  type FlagSpecs,
  type Lane,
  type LaneEnvironment,
} from '../src/index.js';

/** A guard that lets everything pass but `--manifest bad`. */
export const fixture: FixtureGuard<{ readonly ready: false }> = {
  defaultPath: 'installer/manifests/test.toml',
  load: async (path) => {
    if (path === 'bad') throw new RangeError('bad fixture');
    const sha256 = '5e'.repeat(32);
    return { path: path ?? 'installer/manifests/test.toml', sha256, fixture: { ready: false } };
  },
};

/** Makes a lane with nothing but what a test is about. */
export function testLane<const Specs extends FlagSpecs>(
  flags: Specs,
  run: Lane<Specs, { readonly ready: false }>['run'],
): Lane<Specs, { readonly ready: false }> {
  return defineLane({
    bin: 'latticra-test',
    version: '1.2.3',
    summary: 'do what the test says',
    details: 'Exists for its tests.',
    examples: ['', '--image disk.raw'],
    fixture,
    flags,
    run,
  });
}

/** Runs a lane as if from a shell and returns what came out. */
export async function outcome<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  argv: readonly string[],
  outside: Partial<LaneEnvironment> = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const status = await executeLane(lane, {
    argv,
    env: {},
    cwd: '/',
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stderrIsTerminal: () => false,
    signal: new AbortController().signal,
    ...outside,
  });
  return { status, stdout, stderr };
}
