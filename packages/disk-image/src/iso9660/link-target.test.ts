// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinkTarget } from './link-target.js';

const view = (...bytes: number[]) => new DataView(Uint8Array.from(bytes).buffer);
const refusal = expect.objectContaining({ code: 'corrupt' });

/** Makes the components of a target, names in pieces of `most` bytes. */
function components(target: string, most: number): number[][] {
  const parts = target.split('/');
  return parts.flatMap((name, index) => {
    if (name === '' && index === 0) return [[8, 0]];
    if (name === '.' || name === '..') return [[name.length * 2, 0]];
    const bytes = [...Buffer.from(name)];
    const pieces: number[][] = [];
    for (let at = 0; at < bytes.length; at += most) {
      const piece = bytes.slice(at, at + most);
      pieces.push([at + most < bytes.length ? 1 : 0, piece.length, ...piece]);
    }
    return pieces;
  });
}

it('a target is put together from whatever pieces', () => {
  const name = fc.oneof(
    fc.constantFrom('.', '..'),
    fc.stringMatching(/^[a-zäö.]{1,30}$/u).filter((text) => !/^\.{1,2}$/.test(text)),
  );
  const targets = fc.tuple(fc.boolean(), fc.array(name, { minLength: 1, maxLength: 6 }));
  fc.assert(
    fc.property(targets, fc.integer({ min: 1, max: 9 }), ([absolute, names], most) => {
      const target = (absolute ? '/' : '') + names.join('/');
      const link = new LinkTarget('x');
      for (const component of components(target, most)) link.add(view(...component));
      expect(link.end()).toBe(target);
    }),
  );
});

it('the root in the middle is a slash more, as genisoimage writes it', () => {
  const link = new LinkTarget('x');
  link.add(view(0, 1, 97, 8, 0, 0, 1, 98));
  expect(link.end()).toBe('a//b');
});

it('what is no link has no target, and a link to the root has', () => {
  expect(new LinkTarget('x').end()).toBeUndefined();
  const root = new LinkTarget('x');
  root.add(view(8, 0));
  expect(root.end()).toBe('/');
});

it.each([
  ['a component that does not fit', [0, 5, 97]],
  ['a component without a length', [0]],
  ['a name that breaks off', [1, 1, 97]],
  ['the root in a name', [1, 1, 97, 8, 0]],
  ['a NUL', [0, 1, 0]],
])('a link with %s is corrupt', (_, bytes) => {
  const read = () => {
    const link = new LinkTarget('x');
    link.add(view(...bytes));
    return link.end();
  };
  expect(read).toThrow(refusal);
});
