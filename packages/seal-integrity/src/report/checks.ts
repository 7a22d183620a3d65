// SPDX-License-Identifier: Apache-2.0

/** What is checked, in the order in which it is, and what a pass says. */
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

/** How a check went. */
export type CheckResult = 'pass' | 'fail' | 'skipped';

/** Keeps the score of a run. */
export interface Ledger {
  /** What failed, in the order it was found. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  readonly isClean: boolean;
  pass(check: Check): void;
  fail(check: Check, reasons: readonly string[]): void;
  /** Passes where there are no reasons against it. */
  settle(check: Check, reasons: readonly string[]): void;
  warn(reason: string): void;
  /** Of every check; one that nothing was said of was skipped. */
  results(): readonly (readonly [Check, CheckResult])[];
}

/** Of a run that has just begun. */
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
