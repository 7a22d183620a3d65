// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'image-build-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const PROFILE = ['--profile', 'x86_64-grub2-uefi-preview'];

describe(lane.bin, () => {
  const refused: [string, number, RegExp, string[], NodeJS.ProcessEnv?][] = [
    ['no profile', 64, /--profile: required/, []],
    [
      'a profile that is none',
      64,
      /--profile: expected x86_64-seabios-grub-preview or /,
      ['--profile', 'arm64'],
    ],
    ['a build id with a space', 64, /build id "a b"/, [...PROFILE, '--build-id', 'a b']],
    ['a date that is none', 64, /SOURCE_DATE_EPOCH/, PROFILE, { PATH: '', SOURCE_DATE_EPOCH: 'now' }],
    [
      'a kernel that is none',
      65,
      /found text, expected a Multiboot 2 kernel/,
      [...PROFILE, '--kernel', 'kernel'],
    ],
    ['no GRUB', 69, /grub-mkrescue/, PROFILE],
  ];
  it.each(refused)(
    'the preview image build refuses %s, and writes nothing',
    async (_, status, reason, argv, env = { PATH: '' }) => {
      await writeFile(join(cwd, 'kernel'), 'no kernel');
      const result = await tryLane(lane, argv, { cwd, env });
      expect([result.status, result.stdout]).toEqual([status, '']);
      expect(result.stderr).toMatch(reason);
      expect(await readdir(cwd)).toEqual(['kernel']);
    },
  );
});
