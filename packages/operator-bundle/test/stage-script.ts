// SPDX-License-Identifier: Apache-2.0
import { stageOperatorBundle } from '../src/index.js';
import { requestOf } from './release.js';

/** Stages the release of the current folder in a process of its own, for a test to interrupt. */
stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd: process.cwd() }).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
