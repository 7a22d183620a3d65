// SPDX-License-Identifier: Apache-2.0

/** The checks, in the order in which they are made, each with what a pass says. */
export const CHECKS = {
  stale_artifacts: 'no artifact of an earlier run stands in the way',
  manifest: 'latticra.seal is a valid manifest',
  project_id: 'the manifest is that of the expected project',
  lockfile: 'the lockfile is a valid baseline',
  scope: 'everything in the scope could be looked at',
  file_names: 'no file has a denied name',
  file_contents: 'no file has denied content',
  readme: 'there is a README',
  license: 'there is a license',
  required_files: 'every required file is in the scope',
  digests: 'every file in the scope has a digest',
  unchanged: 'the scope is what the lockfile says',
  hash_list: 'the hash list was written',
  baseline: 'the lockfile was written',
} as const;

/** The name of a check. */
export type Check = keyof typeof CHECKS;

/** The result of a check. */
export type CheckResult = 'pass' | 'fail' | 'skipped';

/** The record of the checks of a run. */
export interface Ledger {
  /** The failures, in the order in which they were found. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  readonly isClean: boolean;
  pass(check: Check): void;
  fail(check: Check, reasons: readonly string[]): void;
  /** Passes a check where there are no reasons against it, and fails it with them. */
  settle(check: Check, reasons: readonly string[]): void;
  warn(reason: string): void;
  /** Returns the result of every check; one that nothing was said of was skipped. */
  results(): readonly (readonly [Check, CheckResult])[];
}

/** Makes the ledger of a run that has just begun. */
export function createLedger(): Ledger {
  const results = new Map<Check, CheckResult>();
  const failures: string[] = [];
  const warnings: string[] = [];
  const pass = (check: Check) => {
    if (results.get(check) !== 'fail') results.set(check, 'pass');
  };
  const fail = (check: Check, reasons: readonly string[]) => {
    results.set(check, 'fail');
    for (const reason of reasons) failures.push(reason);
  };
  return {
    failures,
    warnings,
    get isClean() {
      return failures.length === 0;
    },
    pass,
    fail,
    settle: (check, reasons) => (reasons.length === 0 ? pass(check) : fail(check, reasons)),
    warn: (reason) => warnings.push(reason),
    results: () =>
      (Object.keys(CHECKS) as Check[]).map((check) => [check, results.get(check) ?? 'skipped'] as const),
  };
}
