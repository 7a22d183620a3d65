// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { testLane } from '../test/lane.js';
import { formatHelp } from './help.js';

const FOLDER = { value: 'path', placeholder: 'a-folder-that-is-there', required: true, help: 'one' } as const;
const lane = testLane({ 'first-folder': FOLDER, 'second-folder': FOLDER, 'third-folder': FOLDER }, () =>
  Promise.reject(new Error('not run')),
);

describe('formatHelp', () => {
  it('a long usage line is broken, and a long example so that a shell can take it', () => {
    const example = ['first', 'second', 'third']
      .map((name) => `--${name}-folder /srv/images/${name}`)
      .join(' ');
    const text = formatHelp({ ...lane, examples: [example] });
    const folder = (name: string) => `--${name}-folder <a-folder-that-is-there>`;
    expect(text).toContain(
      `Usage: latticra-test ${folder('first')}\n         ${folder('second')} ${folder('third')}\n`,
    );
    expect(text).toContain(' \\\n      --third-folder /srv/images/third\n');
    expect(text.replaceAll(/ \\\n */g, ' ')).toContain(`  latticra-test ${example}\n`);
  });
});
