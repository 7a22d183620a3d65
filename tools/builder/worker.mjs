// SPDX-License-Identifier: Apache-2.0
/** Builds the projects that it is sent, one after the other, and stamps them. What was found out for one project is known for the next. */
import { loadBuilder } from './load.mjs';

const build = await loadBuilder();

process.on('message', async (project) => {
  let hasHeld = false;
  try {
    await build(project);
    hasHeld = true;
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.send(hasHeld);
});

process.on('disconnect', () => process.exit());
