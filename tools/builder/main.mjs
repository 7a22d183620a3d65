// SPDX-License-Identifier: Apache-2.0
/** Builds projects without Nx and its cache: `node tools/builder/main.mjs apps/seal`. A library needs its declarations, which `pnpm build` makes. */
import { loadBuilder } from './load.mjs';

const build = await loadBuilder();
for (const project of process.argv.slice(2)) await build(project);
