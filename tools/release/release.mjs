// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm release`: the one way to publish the packages. Every step has to hold before the next, and the last publishes what
 * has a version that the registry does not have, and tags it. `--without tests` and `--without consumers` are for a rehearsal.
 */
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from '../script/script.mjs';
import { releaseSteps } from './steps.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = readArguments(import.meta.url, {
  without: { type: 'string', multiple: true, default: [] },
});

// A registry shows where a package was built, where the service of the run vouches for it.
const vouched = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
if (!vouched) process.stderr.write('release: no service vouches for this run: without provenance\n');
const env = { ...process.env, ...(vouched && { NPM_CONFIG_PROVENANCE: 'true' }) };
try {
  for (const [what, action] of releaseSteps(ROOT, { without: values.without, env })) {
    process.stderr.write(`release: ${what} …\n`);
    action();
  }
} catch (error) {
  refuse(import.meta.url, error.message);
}
process.stderr.write('release: published; push the tags: git push --follow-tags\n');
