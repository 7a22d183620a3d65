// SPDX-License-Identifier: Apache-2.0
import { formatProgramHelp } from '@latticra/lane';
import { expect, it } from 'vitest';
import { program } from './program.js';

it('the help of latticra lists every lane with what it does', () => {
  const help = formatProgramHelp(program);
  for (const [name, lane] of Object.entries(program.lanes))
    expect(help).toMatch(new RegExp(`^  ${name} +${lane.summary}$`, 'm'));
});
