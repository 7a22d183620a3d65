// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { namesakesAmong } from './namesakes.js';

it.each([
  ['a file in another case', ['a/x.txt', 'a/X.txt'], 'a/X.txt', 'a/x.txt'],
  ['a folder in another case', ['a/b/x', 'A/b/y'], 'A/b/y', 'a'],
  ['a folder in the middle', ['a/b/x', 'a/c', 'a/B/y'], 'a/B/y', 'a/b'],
  ['a folder in another composition', ['é/x', 'e\u0301/y'], 'e\u0301/y', 'é'],
  ['a file and a folder', ['a', 'A/x'], 'A/x', 'a'],
  ['a folder and a file', ['A/x', 'a'], 'a', 'A'],
  ['a file that is there twice', ['a/x', 'a/x'], 'a/x', 'a/x'],
])('%s is told from what it would be taken for', (_, paths, path, other) => {
  expect(namesakesAmong(paths)).toEqual({ path, other });
});

it('files of one folder, and folders of one name in two, are no namesakes', () => {
  expect(namesakesAmong(['a/x', 'a/y', 'a/b/x', 'b/x', 'x', 'y/a/b'])).toBeUndefined();
});

it('paths have namesakes just where a tree that folds names cannot hold them all', () => {
  const name = fc.constantFrom('a', 'A', 'b', 'é', 'e\u0301');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 6 }), (paths) => {
      // A tree of maps: by the folded name what it is called, and what is in it where it is a folder.
      const fold = (text: string) => text.normalize('NFC').toLowerCase();
      type Node = Map<string, { text: string; inner: Node | undefined }>;
      const put = (node: Node, [first = '', ...rest]: string[]): boolean => {
        const there = node.get(fold(first));
        const isFile = rest.length === 0;
        if (there !== undefined)
          return !isFile && there.text === first && there.inner !== undefined && put(there.inner, rest);
        const inner: Node | undefined = isFile ? undefined : new Map();
        node.set(fold(first), { text: first, inner });
        return inner === undefined || put(inner, rest);
      };
      const root: Node = new Map();
      const fits = paths.every((each) => put(root, each.split('/')));
      expect(namesakesAmong(paths) === undefined).toBe(fits);
    }),
  );
});
