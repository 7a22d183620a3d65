// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settle } from '../../../../tools/testing/file-changes.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { ANCHORINGS, anchoredFolder, failure } from '../../test/anchor.js';

describe.each(ANCHORINGS)('a temporary file in a folder held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);
  const write = (target: string, content: string) => {
    const temporary = held.root.createTemporary(target);
    temporary.write(Buffer.from(content));
    temporary.publish().close();
  };

  it('a temporary file is what its name says after it was published, and not before', () => {
    writeFileSync(held.at('a'), 'old');
    const temporary = held.root.createTemporary('a', 0o640);
    for (const part of ['new', '', ' and whole']) temporary.write(Buffer.from(part));
    expect(readFileSync(held.at('a'), 'utf8')).toBe('old');
    expect(temporary.name).toMatch(/^\.a\.\d+-[0-9a-f]{12}\.tmp$/);
    const file = temporary.publish();
    expect([file.path, String(file.bytes(100))]).toEqual(['a', 'new and whole']);
    file.close();
    temporary.discard();
    expect(readFileSync(held.at('a'), 'utf8')).toBe('new and whole');
    expect(statSync(held.at('a')).mode & 0o777).toBe(0o640 & ~process.umask());
    expect(readdirSync(held.path)).toEqual(['a']);
  });

  it('a temporary file may be empty, and may have a long name in another script', () => {
    const name = '漢'.repeat(85);
    write(name, '');
    expect(readFileSync(held.at(name), 'utf8')).toBe('');
    expect(readdirSync(held.path)).toEqual([name]);
  });

  it('a temporary file leaves nothing when it is discarded, even twice', () => {
    writeFileSync(held.at('a'), 'old');
    const temporary = held.root.createTemporary('a');
    temporary.write(Buffer.from('new'));
    temporary.discard();
    temporary.discard();
    expect(() => temporary.write(Buffer.from('x'))).toThrow('a: used after it was closed');
    expect(() => temporary.publish()).toThrow('a: used after it was closed');
    expect(readdirSync(held.path)).toEqual(['a']);
    expect(readFileSync(held.at('a'), 'utf8')).toBe('old');
  });

  it('a discarded temporary file does not take away what has its name by then', () => {
    const temporary = held.root.createTemporary('a');
    write(temporary.name, 'somebody else');
    temporary.discard();
    expect(readFileSync(held.at(temporary.name), 'utf8')).toBe('somebody else');
  });

  itWith(['mkfifo'], 'a temporary file replaces nothing but a regular file of one name', () => {
    const OTHERS: [string, string, (path: string) => void][] = [
      ['link', 'not-regular', (path) => symlinkSync('other', path)],
      ['dangling', 'not-regular', (path) => symlinkSync('nowhere', path)],
      ['hard', 'hard-linked', (path) => linkSync(held.at('other'), path)],
      ['fifo', 'not-regular', (path) => void execFileSync('mkfifo', [path])],
      ['folder', 'not-regular', (path) => mkdirSync(path)],
    ];
    writeFileSync(held.at('other'), 'other');
    for (const [name, code, make] of OTHERS) {
      make(held.at(name));
      const before = lstatSync(held.at(name)).ino;
      expect(() => write(name, 'new')).toThrow(failure(code, `${name}: `));
      expect(lstatSync(held.at(name)).ino).toBe(before);
    }
    expect(readFileSync(held.at('other'), 'utf8')).toBe('other');
    expect(readdirSync(held.path)).toHaveLength(OTHERS.length + 1);
  });

  it('a published file can be read after another took its name, and is held to its content', () => {
    const temporary = held.root.createTemporary('a');
    temporary.write(Buffer.from('first'));
    const first = temporary.publish();
    try {
      write('a', 'second');
      expect(String(first.bytes(10))).toBe('first');
      settle();
      linkSync(held.at('a'), held.at('b'));
      expect(String(first.bytes(10))).toBe('first');
      expect(readFileSync(held.at('a'), 'utf8')).toBe('second');
    } finally {
      first.close();
    }
  });

  it('a published file is held to its content while it has its name', () => {
    const temporary = held.root.createTemporary('a');
    temporary.write(Buffer.from('first'));
    const file = temporary.publish();
    try {
      settle();
      writeFileSync(held.at('a'), 'other');
      expect(() => file.bytes(10)).toThrow(failure('changed', 'a: '));
    } finally {
      file.close();
    }
  });

  describe('left by a process that was killed', () => {
    // No system numbers processes so high: Linux stops at 2^22.
    const gone = 2 ** 22 + 1;
    const left = (pid: number | string, target = 'a') => `.${target}.${pid}-0123456789ab.tmp`;

    it('a temporary file of a process that was killed is cleared, and no other', () => {
      const others = [
        '.a.tmp',
        left(process.ppid),
        left(gone, 'b'),
        left(0),
        left('01'),
        `x${left(gone)}`,
        'a',
      ];
      for (const name of others) writeFileSync(held.at(name), '');
      const mine = held.root.createTemporary('a');
      writeFileSync(held.at(left(gone)), '');
      writeFileSync(held.at(left(process.pid)), 'of an earlier process with the same number');
      expect(held.root.clearStale('a')).toBe(2);
      expect(held.root.clearStale('a')).toBe(0);
      expect(readdirSync(held.path).sort()).toEqual([...others, mine.name].sort());
      mine.discard();
    });

    it('a link with the name of a temporary file is refused, and not cleared', () => {
      symlinkSync('nowhere', held.at(left(gone)));
      expect(() => held.root.clearStale('a')).toThrow(failure('not-regular', 'is a symbolic link'));
      writeFileSync(held.at('b'), '');
      linkSync(held.at('b'), held.at(left(gone, 'b')));
      expect(() => held.root.clearStale('b')).toThrow(failure('hard-linked'));
    });
  });
});
