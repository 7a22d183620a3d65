// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { upstreamVersion } from './machine.mjs';
import { withTable } from './page.mjs';

const PAGE =
  '# Page\n\n## One\n\n2026-01-02, a machine\nof two lines.\n\nText.\n\n| a |\n| --- |\n| 1 |\n\n2026-01-03, another.\n\n- said\n\n## Two\n\n| b |\n| --- |\n| 2 |\n';
const ABOUT = '2026-11-29, Node 20 for $& and $1.\n\n';

it('withTable puts a table that was measured, and what it was measured on, where those under its heading were', () => {
  const printed = `${ABOUT}| a |\n| --- |\n| $& |\n| 3 |\n`;
  expect(withTable(PAGE, 'One', printed)).toBe(
    PAGE.replace('| 1 |\n', () => '| $& |\n| 3 |\n').replace(
      '2026-01-02, a machine\nof two lines.\n\n',
      () => ABOUT,
    ),
  );
  const [head = '', tail = ''] = PAGE.split('## Two\n\n');
  expect(tail).toBe('| b |\n| --- |\n| 2 |\n');
  expect(withTable(PAGE, 'Two', printed)).toBe(`${head}## Two\n\n${printed}`);
});

it('a table that is written again changes nothing', () => {
  const once = withTable(PAGE, 'One', `${ABOUT}| a |\n| --- |\n| 5 |\n`);
  expect(withTable(once, 'One', `${ABOUT}| a |\n| --- |\n| 5 |\n`)).toBe(once);
});

it('withTable refuses a page without that table, and an output without one, or that does not say where it is from', () => {
  expect(() => withTable(PAGE, 'Three', `${ABOUT}| a |\n`)).toThrow('Three: the page has no table');
  expect(() => withTable('\n## One\n\n## Two\n\n| a |\n', 'One', `${ABOUT}| a |\n`)).toThrow(
    'One: the page has no table',
  );
  expect(() => withTable(PAGE, 'One', ABOUT)).toThrow('One: no table was measured');
  expect(() => withTable(PAGE, 'One', '| a |\n')).toThrow(
    'One: the table does not say what it was measured on',
  );
});

it.each([
  ['0.18.3-1+b4', '0.18.3'],
  ['2:2.06-13+deb12u1', '2.06'],
  ['1:7.2+dfsg-7+deb12u13', '7.2'],
  ['9.1-1', '9.1'],
  ['2022.11-6', '2022.11'],
  [undefined, undefined],
])('the version %s of Debian is %s to its authors', (version, upstream) => {
  expect(upstreamVersion(version)).toBe(upstream);
});
