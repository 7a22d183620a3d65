// SPDX-License-Identifier: Apache-2.0
/**
 * Tells, on the last line of stderr and as JSON, what a command that it is preloaded into (`node --require`) has loaded when it
 * ends: modules of Node that Node had not loaded itself, and its own scripts with their sizes in bytes.
 */
const { statSync, writeSync } = require('node:fs');
const { basename } = require('node:path');

const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const builtins = process.moduleLoadList
    .filter((name) => !before.has(name) && name.startsWith('NativeModule '))
    .map((name) => name.slice('NativeModule '.length));
  const scripts = Object.keys(require.cache)
    .filter((file) => file !== __filename)
    .map((file) => [basename(file), statSync(file).size]);
  writeSync(2, `\n${JSON.stringify({ builtins, scripts })}\n`);
});
