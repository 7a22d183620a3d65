// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm release:check`: refuses changesets that would leave a package with old code of another, and versions that did; CI
 * runs it on the workspace. `--root <folder>` is for tests.
 */
import { fileURLToPath } from 'node:url';
import { readArguments } from '../script/script.mjs';
import { readRelease } from './plan.mjs';
import { staleReason } from './stale.mjs';

const OWN = fileURLToPath(new URL('../..', import.meta.url));
const { values } = readArguments(import.meta.url, { root: { type: 'string', default: OWN } });

const { planned, stale, refused } = await readRelease(values.root);
const left = stale.filter(({ name }) => !planned.includes(name)).map(staleReason);
for (const line of [...refused, ...left]) process.stderr.write(`${line}\n`);
// Nx keeps handles of its cache open.
process.exit(refused.length + left.length === 0 ? 0 : 1);
