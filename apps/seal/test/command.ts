// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';

/** The command as a program, and a project for it. */
export interface TestCommand {
  /** The path of the program. */
  readonly script: string;
  /** The folder that it lies in, which any user may read. */
  readonly tools: string;
  /** The path of the project, with a README and a license in it. */
  readonly project: string;
  /** Returns a path in the project. */
  at(name: string): string;
}

/** Builds the command once for a test file, and lays a new project for each test. */
export function testCommand(): TestCommand {
  let tools = '';
  let script = '';
  let project = '';
  beforeAll(async () => {
    tools = mkdtempSync(join(tmpdir(), 'seal-bin-'));
    chmodSync(tools, 0o755);
    script = await bundleScript(new URL('../src/main.ts', import.meta.url), tools);
  });
  afterAll(() => rmSync(tools, { recursive: true, force: true }));
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'seal-project-'));
    writeFileSync(join(project, 'README.md'), 'Demo\n');
    writeFileSync(join(project, 'LICENSE'), 'MIT\n');
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));
  return {
    get script() {
      return script;
    },
    get tools() {
      return tools;
    },
    get project() {
      return project;
    },
    at: (name) => join(project, name),
  };
}
