// SPDX-License-Identifier: Apache-2.0
/** The last step of a project's build, started in its folder. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeStamp } from './built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
writeStamp(ROOT, relative(ROOT, process.cwd()));
