// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, pax, type TestMember } from '../test/archive.js';
import { TarError } from './error.js';
import { PathTable } from './path-table.js';
import { walkTar } from './walk.js';

const file = (name: string): TestMember => ({ name, content: '1' });
const folder = (name: string, raw: TestMember['raw'] = {}): TestMember => ({ name, type: '5', raw });
const link = (name: string, target: string): TestMember => ({ name, type: '2', link: target });
const hard = (name: string, target: string): TestMember => ({ name, type: '1', link: target });

function outcome(...members: readonly TestMember[]): number | TarError {
  const walk = walkTar();
  try {
    walk.push(archive(...members));
    return walk.end().members;
  } catch (error) {
    if (error instanceof TarError) return error;
    throw error;
  }
}

describe('members that no two tars unpack alike are refused, by name and with what to do', () => {
  it.each<[string, RegExp, readonly TestMember[]]>([
    [
      'a hard link before its file',
      /"b" is a hard link to "a", which is not in front/,
      [hard('b', 'a'), file('a')],
    ],
    [
      'a hard link without a file',
      /"b" is a hard link to "nope", which is not/,
      [file('a'), hard('b', 'nope')],
    ],
    [
      'a hard link below a file',
      /"b" is a hard link to "a\/x", which lies below "a"/,
      [file('a'), hard('b', 'a/x')],
    ],
    ['a hard link to itself', /"a" is a hard link to itself/, [file('a'), hard('a', 'a')]],
    ['the same by another spelling', /"\.\/\/a" is a hard link to itself/, [file('a'), hard('.//a', './a')]],
    [
      'a hard link through a symbolic link that leads out',
      /"b" is a hard link to "d\/secret", which lies below "d", which is a symbolic link/,
      [link('d', '/srv/outside'), hard('b', 'd/secret')],
    ],
    [
      'a hard link to a symbolic link',
      /which is a symbolic link$/,
      [link('d', '/etc/shadow'), hard('b', 'd')],
    ],
    ['a hard link to a folder', /which is a folder$/, [folder('d/'), hard('b', 'd')]],
    ['a hard link to a folder that only is implied', /which is a folder$/, [file('d/a'), hard('b', 'd')]],
    [
      'a file, then something below it',
      /"x\/y" lies below "x", which is no folder/,
      [file('x'), file('x/y')],
    ],
    ['a device, then something below it', /lies below "x"/, [{ name: 'x', type: '3' }, folder('x/y/z')]],
    ['a hard link, then something below it', /lies below "b"/, [file('a'), hard('b', 'a'), file('b/c')]],
    [
      'a member behind a symbolic link',
      /"d\/x" lies below "d", which is a symbolic link/,
      [link('d', 'e'), file('d/x')],
    ],
    [
      'a member behind a symbolic link to a folder of the archive',
      /lies below "d"/,
      [folder('e/'), link('d', 'e'), folder('d/x/')],
    ],
    [
      'a folder, then a file of its name',
      /"x" is a file where a folder/,
      [folder('x/'), file('x/y'), file('x')],
    ],
    ['a folder that is implied, then a file', /"\.\/x" is a file where a folder/, [file('x/y'), file('./x')]],
    ['a folder, then a symbolic link', /is a symbolic link where a folder/, [folder('x'), link('x', 'y')]],
    ['a file, then a folder of its name', /"x\/" is a folder where no folder/, [file('x'), folder('x/')]],
    ['a symbolic link, then a folder', /is a folder where a symbolic link/, [link('x', 'y'), folder('x/')]],
    ['a file twice', /"\.\/a" is a file that stands twice/, [file('a'), file('./a')]],
    ['a file, then a symbolic link', /"a" is a symbolic link that stands twice/, [file('a'), link('a', 'b')]],
    [
      'a symbolic link, then a file',
      /"a" is a file that stands twice/,
      [link('a', '/etc/passwd'), file('a')],
    ],
    [
      'a hard link over a file',
      /"b" is a hard link that stands twice/,
      [file('a'), file('b'), hard('b', 'a')],
    ],
    ['a FIFO with the name of a folder', /a FIFO with the name of a folder/, [{ name: 'a/.', type: '6' }]],
    ['a hard link to the name of a folder', /which has the name of a folder/, [file('a'), hard('b', 'a/')]],
    [
      'a folder twice with two modes',
      /"d" is a folder that stands twice/,
      [folder('d/', { 100: '0000700\0' }), folder('d', { 100: '0000755\0' })],
    ],
    [
      'a folder twice with two times',
      /stands twice/,
      [folder('d', { 136: '00000000005\0' }), folder('d', { 136: '00000000007\0' })],
    ],
    [
      'a folder twice, once with an attribute',
      /stands twice/,
      [folder('d'), pax({ 'SCHILY.xattr.user.a': 'x' }), folder('d')],
    ],
  ])('an archive that no two tars unpack alike is refused: %s', (_, reason, members) => {
    const error = outcome(...members);
    expect(error).toMatchObject({ code: 'refused', kind: 'data', fix: expect.stringMatching(/\w/) });
    expect(String(error)).toMatch(reason);
  });
});

describe('what every tar unpacks alike is taken', () => {
  it.each<[string, readonly TestMember[]]>([
    ['hard links behind their file, and behind each other', [file('a'), hard('./b', 'a'), hard('c', './b')]],
    ['a hard link to a device', [{ name: 'a', type: '6' }, hard('b', 'a')]],
    ['a folder behind what lies in it', [file('d/e/a'), folder('d/'), folder('d/e')]],
    [
      'a folder twice alike',
      [folder('./'), folder('d/'), file('d/a'), folder('./d'), file('d/b'), folder('.')],
    ],
    ['a symbolic link to itself, and one to what comes later', [link('a', 'a'), link('b', 'c'), file('c')]],
    ['names that begin alike', [file('a'), file('ab'), file('b/a'), file('a-/b'), folder('aa')]],
  ])('an archive that every tar unpacks alike is taken: %s', (_, members) => {
    expect(outcome(...members)).toBe(members.length);
  });
});

describe('a table of paths', () => {
  it('a table keeps what it was told of each path, as a map does', () => {
    const part = fc.stringMatching(/^[a-c]{0,3}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.nat(3))),
        (entries) => {
          const table = new PathTable();
          const map = new Map<string, number>();
          const follow = (parts: readonly string[], make: boolean) => {
            const path = parts.join('/');
            let at: number | undefined = PathTable.ROOT;
            let from = 0;
            for (const { length } of parts) {
              if (at === undefined) return undefined;
              at = make
                ? table.make(at, path, from, from + length)
                : table.find(at, path, from, from + length);
              from += length + 1;
            }
            return at;
          };
          for (const [parts, kind] of entries) {
            table.setKind(follow(parts, true) ?? -1, kind);
            map.set(parts.join('/'), kind);
          }
          for (const [path, kind] of map)
            expect(table.kindOf(follow(path.split('/'), false) ?? -1)).toBe(kind);
          expect(follow(['d'], false)).toBeUndefined();
        },
      ),
    );
  });

  it('a table takes many more paths than it began with', () => {
    const table = new PathTable();
    const names = Array.from({ length: 20_000 }, (_, index) => `file-${index}`);
    const ids = names.map((name) => table.make(PathTable.ROOT, name, 0, name.length));
    expect(new Set(ids).size).toBe(names.length);
    names.forEach((name, index) => {
      expect(table.find(PathTable.ROOT, name, 0, name.length)).toBe(ids[index]);
    });
  });
});
