// SPDX-License-Identifier: Apache-2.0
import { parseDocument } from '../../packages/evidence-format/src/index.js';
import { executeLane, type FlagSpecs, type Lane } from '../../packages/lane/src/index.js';

/** What a lane said, and with which status it would have exited. */
export interface LaneResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a lane inside the test's own process, as if `argv` had been typed in `cwd`; no program is on PATH unless
 * `env` has one.
 */
export async function tryLane<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  argv: readonly string[],
  {
    cwd,
    env = { PATH: '' },
    signal = new AbortController().signal,
  }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly signal?: AbortSignal },
): Promise<LaneResult> {
  let stdout = '';
  let stderr = '';
  const status = await executeLane(lane, {
    argv,
    env,
    cwd,
    stdout: (data) => {
      stdout += typeof data === 'string' ? data : Buffer.from(data).toString();
    },
    stderr: (text) => {
      stderr += text;
    },
    stderrIsTerminal: () => false,
    signal,
  });
  return { status, stdout, stderr };
}

/** Reads the values of the document that a lane printed, without those of its sections, by key. */
export function documentValues(stdout: string): Record<string, string> {
  return Object.fromEntries(parseDocument(stdout).fields.map(({ key, value }) => [key, value]));
}
