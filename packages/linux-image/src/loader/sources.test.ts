// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LOADER_ERRORS } from './errors.js';

const source = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The sources of the loader for Linux, and of the master boot code. */
const sources = [
  'boot/bios-linux.S',
  ...['bios-start.S', 'bios-memory.S', 'bios-copy.S', 'master-boot.S'].map(
    (name) => `../boot-seed/seed/${name}`,
  ),
].map(source);

it('the sources declare exactly the errors that are documented', () => {
  const declared = sources.flatMap((text) =>
    [...text.matchAll(/^\s+error\s+\w+, (0x[0-9a-f]+), "(.*)"$/gm)].map(([, value, message]) => ({
      value: Number(value),
      text: message,
    })),
  );
  expect(declared.sort((a, b) => a.value - b.value)).toEqual(LOADER_ERRORS);
});

it('every part that the loader includes from the seed is one of the seed', () => {
  const included = [...source('boot/bios-linux.S').matchAll(/^\.include "(.*)"$/gm)].map(([, name]) => name);
  expect(included).toContain('bios-start.S');
  for (const name of included) expect(source(`../boot-seed/seed/${name}`)).toMatch(/SPDX/);
});
