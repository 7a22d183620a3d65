// SPDX-License-Identifier: Apache-2.0
export interface Job {
  readonly name: string;
  readonly after: readonly string[];
  readonly script?: readonly string[];
  readonly message?: unknown;
}

export interface End {
  readonly name: string;
  readonly status: 'success' | 'failure' | 'skipped';
  readonly output: string;
  readonly startTime?: number;
  readonly endTime?: number;
}

export interface How {
  readonly cwd: string;
  readonly worker: string;
  readonly size: number;
  readonly env?: Readonly<Record<string, string>>;
}

export function doJobs(jobs: readonly Job[], how: How): AsyncGenerator<End, void>;
