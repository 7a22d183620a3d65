// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow } from './files-below.js';

it('files are listed once, and none that is installed, built, or behind a link', () => {
  const root = mkdtempSync(join(tmpdir(), 'latticra-files-'));
  try {
    for (const file of [
      'p/a/src/x.ts',
      'p/a/README.md',
      'p/a/dist/x.js',
      'p/b/node_modules/c/x.ts',
      'p/b/y.ts',
    ]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    symlinkSync(join(root, 'p/a'), join(root, 'p/b/linked'));
    symlinkSync('y.ts', join(root, 'p/b/z.ts'));
    expect(filesBelow(root, 'p').sort()).toEqual(['p/a/README.md', 'p/a/src/x.ts', 'p/b/y.ts']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
