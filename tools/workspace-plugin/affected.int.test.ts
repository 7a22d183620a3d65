// SPDX-License-Identifier: Apache-2.0
/** What Nx says that a change touches, on samples: too little and a test is left out, too much and nobody asks it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.js';

/** Returns the projects that a change of a file touches. */
function affected(file: string): string[] {
  const argv = ['show', 'projects', '--affected', '--files', file, '--json'];
  const env = { ...process.env, NX_DAEMON: 'false' };
  const text = execFileSync(join(ROOT, 'node_modules/.bin/nx'), argv, { cwd: ROOT, env, encoding: 'utf8' });
  return (JSON.parse(text) as string[]).sort();
}

it('the recovery runbook touches the command that carries it, and what tests that command', () => {
  expect(affected('docs/recovery.md')).toEqual(['@latticra/guards', 'latticra', 'tools']);
}, 120_000);

it('a library touches itself, what imports it, through others too, and not its neighbours', () => {
  const touched = affected('packages/usb-cmd/src/index.ts');
  expect(touched).toEqual(
    expect.arrayContaining([
      '@latticra/usb-cmd',
      '@latticra/operator-bundle',
      '@latticra/os-image-usb-write-command',
      '@latticra/os-image-operator-bundle-from-artifacts',
      'latticra',
    ]),
  );
  for (const name of ['@latticra/failure', '@latticra/sbom', '@latticra/seal'])
    expect(touched).not.toContain(name);
}, 120_000);
