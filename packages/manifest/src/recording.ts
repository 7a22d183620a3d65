// SPDX-License-Identifier: Apache-2.0
import { currentCommit, localBuildEnvironment } from './artifact/source-commit.js';
import { type MeasureInput, measureTracked } from './input-bundle/measure.js';
import { type InspectInput, inspectTracked } from './inspected.js';
import type { Tracker } from './tracker.js';

/** What a lane that records files was given: the flags that all such lanes have, and what it runs with. */
export interface RecordingRun {
  readonly flags: {
    readonly 'source-commit': string | undefined;
    readonly 'build-environment': string | undefined;
    readonly 'operator-recovery-path': string;
    readonly 'relative-to': string | undefined;
  };
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Tracker;
}

/** What such a lane records of any files, and how it reads them. */
export interface Recording {
  /** What every manifest says of its files as a whole, with the defaults filled in. */
  readonly common: {
    readonly sourceCommit: string;
    readonly buildEnvironment: string;
    readonly operatorRecoveryPath: string;
    readonly relativeTo: string | undefined;
  };
  readonly options: {
    readonly cwd: string;
    readonly measure: MeasureInput;
    readonly inspect: InspectInput;
  };
}

/**
 * Returns what a lane hands to `manifestFromFiles` or `inputBundleFromFiles` besides its own files. A commit that was not
 * given is the one that is checked out in `cwd`, and a build environment that was not given is this machine; files are
 * measured under the progress of the lane.
 */
export async function recordingOf({ flags, cwd, env, progress }: RecordingRun): Promise<Recording> {
  return {
    common: {
      sourceCommit: flags['source-commit'] ?? (await currentCommit(cwd, env)),
      buildEnvironment: flags['build-environment'] ?? localBuildEnvironment(),
      operatorRecoveryPath: flags['operator-recovery-path'],
      relativeTo: flags['relative-to'],
    },
    options: { cwd, measure: measureTracked(progress), inspect: inspectTracked(progress) },
  };
}
