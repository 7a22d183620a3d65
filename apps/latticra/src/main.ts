#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { run } from './run.js';

/** Runs the command that a script of this package is called by, and ends the process. @param bin its name */
export function main(bin: string): void {
  run(bin, process.argv.slice(2)).then((status) => process.exit(status));
}

// Every other command is a script that calls the above.
if (require.main === module) main('latticra');
