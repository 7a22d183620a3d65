// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { leftBehind } from './left-behind.js';

it('a folder that is left is named with the command that removes it, quoted where that has to be', () => {
  expect(leftBehind('/srv/.out.1a.staging')).toBe(
    '"/srv/.out.1a.staging" could not be removed, and nothing needs it; see why, and run rm -r -- /srv/.out.1a.staging',
  );
  expect(leftBehind("/srv/it's here")).toContain(String.raw`run rm -r -- '/srv/it'\''s here'`);
});

it('a folder whose name no command can carry is named on one line all the same', () => {
  expect(leftBehind('/srv/a\nb')).toBe(
    String.raw`"/srv/a\nb" could not be removed, and nothing needs it; see why, and remove it with rm -r`,
  );
});
