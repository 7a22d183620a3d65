// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { withTable } from './page.mjs';

const PAGE =
  '# Page\n\n## One\n\nText.\n\n| a |\n| --- |\n| 1 |\n\n- said\n\n## Two\n\n| b |\n| --- |\n| 2 |\n';

it('withTable puts a table that was measured where the one under its heading was', () => {
  const printed = 'Node 20.\n\n| a |\n| --- |\n| $& |\n| 3 |\n';
  expect(withTable(PAGE, 'One', printed)).toBe(PAGE.replace('| 1 |\n', () => '| $& |\n| 3 |\n'));
  expect(withTable(PAGE, 'Two', printed)).toBe(
    PAGE.replace('| b |\n| --- |\n| 2 |\n', () => '| a |\n| --- |\n| $& |\n| 3 |\n'),
  );
});

it('withTable refuses a page without that table, and an output without one', () => {
  expect(() => withTable(PAGE, 'Three', '| a |\n')).toThrow('Three: the page has no table');
  expect(() => withTable('\n## One\n\n## Two\n\n| a |\n', 'One', '| a |\n')).toThrow(
    'One: the page has no table',
  );
  expect(() => withTable(PAGE, 'One', 'Node 20.\n')).toThrow('One: no table was measured');
});
