// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { loadLane } from '../lanes/load.js';
import { COMMANDS } from './table.js';

it.each(COMMANDS)('the command $name is what the table says of it', async (entry) => {
  const loaded = await loadLane(entry, `latticra ${entry.name}`);
  expect('lane' in loaded && loaded.lane.summary).toBe(entry.summary);
});
