// SPDX-License-Identifier: Apache-2.0
/** Tests of names that others give to one new file after another. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ANCHORINGS, anchoredFolder } from '../../test/anchor.js';

const looks = vi.hoisted(() => ({ thatMeetTheOldFile: 0, made: 0 }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const lstatSync = (path: string, options: { bigint: true; throwIfNoEntry: false }) => {
    const stats = fs.lstatSync(path, options);
    looks.made += 1;
    return looks.made > looks.thatMeetTheOldFile ? stats : Object.assign(stats ?? {}, { nlink: 0n });
  };
  return { ...fs, lstatSync };
});

describe.each(ANCHORINGS)('a file that is replaced while it is looked at, held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);

  it('a replaced file is looked at until its name means the new one, even if that takes a moment', () => {
    writeFileSync(held.at('f'), 'new');
    Object.assign(looks, { made: 0, thatMeetTheOldFile: 110 });
    expect(held.root.lstat('f')).toMatchObject({ nlink: 1n, size: 3n });
    expect(looks.made).toBe(111);
  });

  it('a file that is replaced again and again is not looked at for ever', () => {
    writeFileSync(held.at('f'), 'new');
    Object.assign(looks, { made: 0, thatMeetTheOldFile: Number.POSITIVE_INFINITY });
    expect(held.root.lstat('f')).toMatchObject({ nlink: 0n });
  });
});
