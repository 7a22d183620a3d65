// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import { parseFlags } from '@latticra/lane';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandOf, readCommand } from './command.js';
import { RELEASE_FLAGS } from './flags.js';

const values = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => isPlainText(text) && !text.includes('\ufffd'));

it('a command line is read back as the release that it was written of, whatever its files are called', () => {
  fc.assert(
    fc.property(values, values, fc.option(values, { nil: undefined }), (release, folder, iso) => {
      const flags = parseFlags(
        [`--release=${release}`, ...(iso === undefined ? [] : [`--iso=${iso}`])],
        RELEASE_FLAGS,
      );
      const line = commandOf(flags, folder);
      expect(readCommand(line)).toMatchObject({ line, folder, files: { iso } });
    }),
  );
});

it.each([
  'rm -rf .',
  'latticra rehearse --output-dir out',
  'latticra release --release 1 --output-dir out; rm -rf .',
  'latticra release --release 1 --output-dir "$(rm -rf .)"',
  'latticra release --release 1 --output-dir out --no-such-flag',
  'latticra release --output-dir out',
  'latticra release --release 1',
  '',
])('the line %j is no command to tell anybody to type', (line) => {
  expect(readCommand(line)).toBeUndefined();
});
