// SPDX-License-Identifier: Apache-2.0
/** Builds projects without Nx and its cache, such as `apps/seal`. A library needs its declarations, which `pnpm build` makes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bootstrap/workspace.mjs';
import { readArguments, refuse } from '../script/script.mjs';
import { loadBuilder } from './load.mjs';

const { positionals } = readArguments(import.meta.url, {}, ['<project>...']);
const unknown = positionals.find(
  (project) =>
    !/^(?:apps|packages)\/[^/]+\/?$/.test(project) || !existsSync(join(ROOT, project, 'package.json')),
);
if (unknown !== undefined) refuse(import.meta.url, `${unknown}: expected a project, such as apps/seal`, 64);
const build = await loadBuilder();
for (const project of positionals) await build(project);
