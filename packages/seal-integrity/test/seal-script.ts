// SPDX-License-Identifier: Apache-2.0
/**
 * A run of Seal as a process of its own: checks the project at a path by one of the ways to hold folders, says
 * `reading` when the first bytes were read, and how it ended. Interrupted, it ends with 130.
 * Usage: script.mjs <path> procfs|cwd [alone]
 */
import { writeSync } from 'node:fs';
import { seal, serveHelper } from '../src/index.js';

if (!serveHelper()) {
  const [script, root = '', anchoring, alone] = process.argv.slice(1);
  let isReading = false;
  process.on('SIGINT', () => process.exit(130));
  const { status } = await seal({
    command: 'check',
    root,
    anchoring: anchoring === 'cwd' ? 'cwd' : 'procfs',
    helperScript: alone === undefined ? script : undefined,
    mayChangeDirectory: true,
    now: () => new Date(0),
    kernel: 'test',
    os: 'test',
    signal: new AbortController().signal,
    onBytes: (count) => {
      // That of a chunk of the large file; all others are small.
      if (isReading || count < 1 << 18) return;
      isReading = true;
      writeSync(1, 'reading\n');
    },
  });
  writeSync(1, `${status}\n`);
}
