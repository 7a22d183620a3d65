// SPDX-License-Identifier: Apache-2.0
/** Runs the pinned pnpm where none, or another, is on PATH: `node tools/bootstrap/pnpm.mjs build`. */
import { pnpm } from './workspace.mjs';

pnpm(...process.argv.slice(2));
