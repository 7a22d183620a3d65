// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** Says in the file UNIT_REPORT of each test file whether it passed, and whether anything else went wrong. */
export default class UnitReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const passed: Record<string, boolean> = {};
    for (const module of modules) passed[relative(process.cwd(), module.moduleId)] = module.ok();
    const report = JSON.stringify({ passed, isSound: errors.length === 0 });
    writeFileSync(process.env.UNIT_REPORT ?? '', report);
  }
}
