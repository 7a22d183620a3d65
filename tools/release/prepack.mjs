// SPDX-License-Identifier: Apache-2.0
/**
 * Runs before a project is packed, in its folder (`prepack` in its package.json): refuses one that is not built from its
 * sources as they are, and any packer but pnpm, which alone puts versions in the place of `workspace:^`.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whyNotBuilt } from './built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const project = relative(ROOT, process.cwd());
const agent = process.env.npm_config_user_agent ?? '';
const reason = agent.startsWith('pnpm/')
  ? whyNotBuilt(ROOT, project)
  : `${project}: is packed by ${agent.split(' ')[0] || 'an unknown program'}, which leaves "workspace:^" in it: use pnpm pack, or pnpm release`;
if (reason !== undefined) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
