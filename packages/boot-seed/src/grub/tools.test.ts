// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunTool } from '../tool.js';
import { findGrub } from './tools.js';

const PROGRAMS = [
  'grub-mkrescue',
  'grub-mkstandalone',
  'grub-mkimage',
  'xorriso',
  'mformat',
  'mcopy',
] as const;

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'latticra-grub-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Puts files of these names below `root`, as if the programs were installed; none is ever run. */
async function pretend(programs: readonly string[], platforms: readonly string[]) {
  await mkdir(join(root, 'bin'));
  await Promise.all(programs.map((name) => writeFile(join(root, 'bin', name), '', { mode: 0o755 })));
  for (const platform of platforms) {
    await mkdir(join(root, 'lib/grub', platform), { recursive: true });
    await writeFile(join(root, 'lib/grub', platform, 'kernel.img'), '');
  }
  return { PATH: join(root, 'bin') };
}

const says =
  (output: string, code = 0): RunTool =>
  async () => ({ code, output });
const debian = says('grub-mkimage (GRUB) 2.06-13+deb12u1\n');

describe('findGrub', () => {
  it('the search finds the tools, the platforms beside them, and the version', async () => {
    const env = await pretend(PROGRAMS, ['i386-pc', 'x86_64-efi']);
    expect(await findGrub({ env, run: debian })).toEqual({
      mkrescue: join(root, 'bin/grub-mkrescue'),
      mkstandalone: join(root, 'bin/grub-mkstandalone'),
      mkimage: join(root, 'bin/grub-mkimage'),
      xorriso: join(root, 'bin/xorriso'),
      mformat: join(root, 'bin/mformat'),
      mcopy: join(root, 'bin/mcopy'),
      scriptCheck: undefined,
      platforms: { bios: join(root, 'lib/grub/i386-pc'), uefi: join(root, 'lib/grub/x86_64-efi') },
      version: '2.06-13+deb12u1',
    });
  });

  it('the search finds the platforms by way of a link to the tools', async () => {
    await pretend(PROGRAMS, ['i386-pc', 'x86_64-efi']);
    await mkdir(join(root, 'far'));
    await symlink(join(root, 'bin'), join(root, 'far/bin'));
    const { platforms } = await findGrub({ env: { PATH: join(root, 'far/bin') }, run: debian });
    expect(platforms.bios).toBe(join(root, 'lib/grub/i386-pc'));
  });

  it.each(PROGRAMS)('the search says that %s is missing, and what to install', async (missing) => {
    const env = await pretend(
      PROGRAMS.filter((name) => name !== missing),
      ['i386-pc', 'x86_64-efi'],
    );
    await expect(findGrub({ env, run: debian })).rejects.toMatchObject({
      code: 'program-missing',
      kind: 'tool-missing',
      message: expect.stringContaining(`${missing}: no such program`),
      fix: expect.stringMatching(/^install (grub-common|xorriso|mtools)$/),
    });
  });

  it.each([
    ['i386-pc', 'grub-pc-bin'],
    ['x86_64-efi', 'grub-efi-amd64-bin'],
  ])('the search says that the platform %s is missing, and what to install', async (missing, fix) => {
    const env = await pretend(
      PROGRAMS,
      ['i386-pc', 'x86_64-efi'].filter((name) => name !== missing),
    );
    await expect(findGrub({ env, run: debian })).rejects.toMatchObject({
      kind: 'tool-missing',
      message: expect.stringContaining(missing),
      fix: `install ${fix}`,
    });
  });

  it.each([says('', 1), says('grub-mkimage 9'), says('(GRUB) 2.06\nand more')])(
    'the search refuses a grub-mkimage that does not say its version',
    async (run) => {
      const env = await pretend(PROGRAMS, ['i386-pc', 'x86_64-efi']);
      await expect(findGrub({ env, run })).rejects.toMatchObject({
        code: 'grub-failed',
        kind: 'unfulfilled',
      });
    },
  );
});
