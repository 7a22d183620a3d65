// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { readEffects } from './effects.js';

const START = '10 execve("/usr/bin/node", ["node"], 0x7ffd /* 3 vars */) = 0';
const NONE = { sockets: [], programs: [], changes: [], devices: [] };

it('a command that only reads has no effects', () => {
  expect(
    readEffects([START, '10 openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3</etc/passwd>']),
  ).toEqual(NONE);
});

it.each([
  ['11 socket(AF_UNIX, SOCK_STREAM, 0) = 4<UNIX:[1]>', { sockets: ['socket AF_UNIX'] }],
  ['10 execve("/usr/bin/git", ["git"], 0x1) = 0', { programs: ['git'] }],
  ['12 openat(AT_FDCWD</x>, "a", O_WRONLY|O_CREAT|O_EXCL, 0666 <unfinished ...>', { changes: ['openat a'] }],
  ['10 openat(AT_FDCWD</x>, "/dev/null", O_RDWR) = 1</dev/null>', { devices: ['openat /dev/null'] }],
  [
    '10 unlink("a") = -1 ENOENT (No such file or directory)',
    { changes: [expect.stringContaining('unlink "a"')] },
  ],
  ['10 fchmod(3</x/a>, 0644) = 0', { changes: [expect.stringContaining('fchmod 3</x/a>')] }],
])('%s is an effect', (line, effect) => {
  expect(readEffects([START, line])).toEqual({ ...NONE, ...effect });
});

it('a program that was looked for and not found is none that ran', () => {
  expect(readEffects([START, '10 execve("/bin/git", ["git"], 0x1) = -1 ENOENT (No such file)'])).toEqual(
    NONE,
  );
});

it('a log that is none of strace is refused', () => {
  expect(() => readEffects(['strace: cannot'])).toThrow('expected the start of the command');
  expect(() => readEffects([START, 'what'])).toThrow('no line of a call');
});
