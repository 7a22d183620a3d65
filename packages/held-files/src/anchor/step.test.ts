// SPDX-License-Identifier: Apache-2.0
/** Tests in which somebody else acts exactly between two system calls, where the race suite does so by chance. */
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { settle } from '../../../../tools/testing/file-changes.js';
import { ANCHORINGS, anchoredFolder, failure } from '../../test/anchor.js';
import { openAnchor } from './index.js';

type Call =
  | 'openSync'
  | 'fstatSync'
  | 'readdirSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'fsyncSync'
  | 'lstatSync';
const steps = vi.hoisted(() => new Map<string, () => void>());

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const once = (when: string) => {
    const step = steps.get(when);
    steps.delete(when);
    step?.();
  };
  const calls: Call[] = [
    'openSync',
    'fstatSync',
    'readdirSync',
    'renameSync',
    'unlinkSync',
    'fsyncSync',
    'lstatSync',
  ];
  const around = (call: Call) => [
    call,
    (...args: unknown[]) => {
      once(`before ${call}`);
      const result = Reflect.apply(fs[call], fs, args);
      once(`after ${call}`);
      return result;
    },
  ];
  return { ...fs, ...Object.fromEntries(calls.map(around)) };
});

/** Does something once, around the next such call of the code under test. */
function at(when: `${'before' | 'after'} ${Call}`, step: () => void): void {
  steps.set(when, () => {
    // What it does are such calls as well.
    const others = new Map(steps);
    steps.clear();
    step();
    for (const [other, work] of others) steps.set(other, work);
  });
}

/** Moves away what is there, and lets something else take its place. */
function swapAt(path: string, other: (path: string) => void): () => void {
  return () => {
    renameSync(path, `${path}.away`);
    other(path);
  };
}

describe.each(ANCHORINGS)('a folder held by %s', (anchoring) => {
  const held = anchoredFolder(anchoring);
  afterEach(() => expect([...steps.keys()]).toEqual([]));

  const swap = (name: string, other: (path: string) => void) => swapAt(held.at(name), other);
  const OTHERS: [string, (path: string) => void][] = [
    ['a link to another file', (path) => symlinkSync('other', path)],
    ['another file', (path) => writeFileSync(path, 'other')],
    ['another name of another file', (path) => linkSync(held.at('other'), path)],
    ['a folder', (path) => mkdirSync(path)],
    ['a link to a folder', (path) => symlinkSync('otherfolder', path)],
    ['nothing', () => undefined],
  ];

  describe.each(OTHERS)('%s', (what, other) => {
    const there = () => {
      writeFileSync(held.at('other'), 'other');
      mkdirSync(held.at('otherfolder'));
    };

    it('what takes the place of a file after it was looked at is not read', () => {
      there();
      writeFileSync(held.at('a'), 'mine');
      at('before openSync', swap('a', other));
      expect(() => held.root.openFile('a')).toThrow(failure('changed', 'a: was replaced'));
    });

    it('what takes the place of a folder after it was looked at is not entered', () => {
      there();
      mkdirSync(held.at('a'));
      at('before openSync', swap('a', other));
      expect(() => held.root.openFolder('a')).toThrow(failure('changed', 'a: was replaced'));
    });

    it('what takes the place of a temporary file before it is renamed does not pass for it', () => {
      there();
      const temporary = held.root.createTemporary('a');
      at('before renameSync', swap(temporary.name, other));
      expect(() => temporary.publish()).toThrow(
        failure(what === 'nothing' ? 'cannot-create' : 'changed', 'a: '),
      );
      expect(readFileSync(held.at('other'), 'utf8')).toBe('other');
    });

    it('what takes the place of a target after it was renamed does not pass for it', () => {
      there();
      const temporary = held.root.createTemporary('a');
      at('after renameSync', swap('a', other));
      expect(() => temporary.publish()).toThrow(failure('changed', 'a: was replaced as soon'));
      expect(existsSync(held.at(temporary.name))).toBe(false);
    });

    it('what takes the place of a file before it is removed loses nothing but its name', () => {
      there();
      writeFileSync(held.at('a'), 'mine');
      at('before unlinkSync', swap('a', other));
      try {
        held.root.remove('a');
      } catch (error) {
        // EISDIR or EPERM, as the system likes it.
        expect(error).toMatchObject({ name: 'HeldFileError', code: 'cannot-create' });
      }
      expect(readFileSync(held.at('other'), 'utf8')).toBe('other');
      expect(readFileSync(held.at('a.away'), 'utf8')).toBe('mine');
      expect(existsSync(held.at('otherfolder'))).toBe(true);
    });
  });

  it.each(['before readdirSync', 'after readdirSync'] as const)(
    'a listing of a folder that is touched %s is refused',
    (when) => {
      mkdirSync(held.at('a'));
      writeFileSync(held.at('a/1'), '');
      settle();
      const a = held.root.openFolder('a');
      try {
        for (const touch of [
          () => writeFileSync(held.at('a/2'), ''),
          () => renameSync(held.at('a/2'), held.at('a/3')),
          () => unlinkSync(held.at('a/3')),
          () => renameSync(held.at('a/1'), held.at('elsewhere')),
        ]) {
          at(when, touch);
          expect(() => a.list()).toThrow(failure('changed', 'a: changed while it was being read'));
          settle();
        }
        at(when, () => rmSync(held.at('a'), { recursive: true }));
        // A path that is not held leads nowhere then.
        const isLost = anchoring === 'none' && when === 'before readdirSync';
        expect(() => a.list()).toThrow(isLost ? failure('not-found') : failure('changed', 'a: was deleted'));
      } finally {
        a.close();
      }
    },
  );

  it('a temporary file that gets another name is not published', () => {
    const temporary = held.root.createTemporary('a');
    linkSync(held.at(temporary.name), held.at('second'));
    expect(() => temporary.publish()).toThrow(failure('changed', 'a: its temporary file'));
    expect(existsSync(held.at('a'))).toBe(false);
  });

  it('a temporary file that somebody else writes to is not published', () => {
    const temporary = held.root.createTemporary('a');
    temporary.write(Buffer.from('mine'));
    appendFileSync(held.at(temporary.name), 'theirs');
    expect(() => temporary.publish()).toThrow(failure('changed', 'a: its temporary file'));
    expect(existsSync(held.at('a'))).toBe(false);
  });

  it('a target that appears while the file is synced is looked at', () => {
    writeFileSync(held.at('other'), 'other');
    const temporary = held.root.createTemporary('a');
    at('before fsyncSync', () => symlinkSync('other', held.at('a')));
    expect(() => temporary.publish()).toThrow(failure('not-regular', 'a: is a symbolic link'));
    expect(readFileSync(held.at('other'), 'utf8')).toBe('other');
  });

  it('a file that is gone before it is removed was not removed', () => {
    writeFileSync(held.at('a'), '');
    at('before unlinkSync', () => rmSync(held.at('a')));
    expect(held.root.remove('a')).toBe(false);
  });
});

describe('a process that goes elsewhere', () => {
  const held = anchoredFolder('cwd');

  it('a call in the middle of which the process goes elsewhere fails, and leaves nothing open', () => {
    writeFileSync(held.at('a'), '');
    at('after openSync', () => process.chdir('/'));
    expect(() => held.root.openFile('a')).toThrow(failure('changed', 'is no longer where it was'));
  });

  it('a process that goes elsewhere because a folder is replaced while it is opened comes back', () => {
    mkdirSync(held.at('d'));
    at(
      'after openSync',
      swapAt(held.at('d'), (path) => mkdirSync(path)),
    );
    const cwd = process.cwd();
    expect(() => openAnchor(held.at('d'), { anchoring: 'cwd' })).toThrow(failure('changed', 'where it was'));
    expect(process.cwd()).toBe(cwd);
  });

  it('a process that goes elsewhere between two calls comes back', () => {
    writeFileSync(held.at('a'), '');
    process.chdir('/');
    expect(held.root.lstat('a')?.isFile()).toBe(true);
  });
});
