// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firmwareRoots } from '@latticra/toolchain';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tryLane } from '../../../../../tools/testing/lane.js';
import { surveyAbilities } from './abilities.js';
import { formatAbilities, lane } from './doctor-lane.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A machine that has these programs, no firmware, and the device of a hypervisor or none. */
function machine(programs: readonly string[], kvm = 'gone') {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const name of programs) {
    writeFileSync(join(folder, 'bin', name), '');
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const none = { ...firmwareRoots({}), descriptorFolders: [], uefiPairs: [], seaBios: [] };
  return { env: { PATH: join(folder, 'bin') }, roots: none, kvm: join(folder, kvm) };
}

const states = (abilities: ReturnType<typeof surveyAbilities>) =>
  abilities.map(({ can, how }) => `${can ? 'yes' : 'no'} ${how.split(':')[0]?.replaceAll(folder, '')}`);

it('a machine with nothing but Node builds and boots the seed, and is told what to install', () => {
  const abilities = surveyAbilities(machine([]));
  expect(states(abilities)).toEqual([
    `yes Node ${process.version}`,
    'yes the embedded v86',
    'no no qemu-system-x86_64',
    'no no /gone',
    'no no SeaBIOS',
    'no no UEFI firmware',
    'no no firmware for it',
    'no no as, ld',
    'no no grub-mkrescue, grub-mkstandalone, grub-mkimage, grub-file, xorriso, mformat, mcopy',
    'no no git',
  ]);
  const text = formatAbilities(abilities);
  expect(text).toContain(
    '\n  apt install qemu-system-x86 seabios ovmf binutils grub-common xorriso mtools git\n  brew install qemu\n',
  );
});

it('programs that are there are told by their path, and are not to be installed', () => {
  const abilities = surveyAbilities(machine(['qemu-system-x86_64', 'as', 'ld', 'git']));
  expect(states(abilities)).toContain('yes /bin/as, /bin/ld');
  expect(formatAbilities(abilities)).toMatch(/apt install seabios ovmf grub-common xorriso mtools\n/);
});

it('half of what something takes is not enough, and the other half alone is to be installed', () => {
  expect(states(surveyAbilities(machine(['as'])))).toContain('no no ld');
});

it('a hypervisor that may be used is told', () => {
  writeFileSync(join(folder, 'kvm'), '');
  expect(states(surveyAbilities(machine([], 'kvm')))).toContain('yes /kvm');
});

it('a machine that has it all is told no command', () => {
  expect(formatAbilities([{ what: 'a', can: true, how: 'b', install: [] }])).toBe('yes  a  b\n');
});

it('the command tells the same as a table and as JSON', async () => {
  const answers = await Promise.all([
    tryLane(lane, [], { cwd: folder }),
    tryLane(lane, ['--json'], { cwd: folder }),
  ]);
  const [{ stdout: text }, { stdout: json }] = answers as [{ stdout: string }, { stdout: string }];
  for (const { what, can } of JSON.parse(json))
    expect(text).toMatch(new RegExp(`^${can ? 'yes' : 'no'} +${what}`, 'm'));
});
