// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { beginsWithVerb, type Callable, callablesIn } from './doc-comments.js';
import { parseSource, parseText } from './syntax.js';
import { readProjects, sourcesOf } from './workspace.js';

const projects = readProjects();

const offenders = (folder: string, isWrong: (found: Callable) => boolean): string[] =>
  projects
    .filter((project) => project.folder === folder)
    .flatMap(sourcesOf)
    .flatMap((file) =>
      callablesIn(parseSource(file))
        .filter(isWrong)
        .map(({ line, name, comment }) => `${file}:${line} ${name}: ${comment ?? 'no doc comment'}`),
    );

describe('doc comments', () => {
  it.each(projects)('every doc comment of a function in $folder begins with a verb', ({ folder }) => {
    const isWrong = ({ comment }: Callable) => comment !== undefined && !beginsWithVerb(comment);
    expect(offenders(folder, isWrong)).toEqual([]);
  });

  it.each(projects.filter(({ kind }) => kind === 'packages'))(
    'every exported function of $folder has a doc comment',
    ({ folder }) => {
      expect(offenders(folder, ({ isFunction, comment }) => isFunction && comment === undefined)).toEqual([]);
    },
  );
});

describe('callablesIn', () => {
  it('functions, arrow functions and public methods that are exported are found with their comments', () => {
    const text = `
      /** Reads a. @throws Error */
      export function a(): void;
      export function a(): void {}
      /** @throws Error */
      export const b = () => {};
      export const c = 1;
      /** Not found. */
      function d() {}
      export interface E {
        /** Gives
         * f. */
        f(): void;
        /** What is no method. */
        readonly g: () => void;
      }
      export class H {
        /** Makes an H. */
        constructor() {}
        i() {}
        private j() {}
        #k() {}
        get l() {}
      }`;
    const found = callablesIn(parseText('a.ts', text)).map(({ name, comment }) => [name, comment]);
    expect(found).toEqual([
      ['a', 'Reads a.'],
      ['b', ''],
      ['f', 'Gives\nf.'],
      ['i', undefined],
    ]);
  });
});

describe('beginsWithVerb', () => {
  it.each(['Reads a file.', 'Does it again.', 'Names the file in errors.', 'Runs, and waits.'])(
    'a verb is seen at the beginning of %j',
    (comment) => {
      expect(beginsWithVerb(comment)).toBe(true);
    },
  );

  it.each([
    '',
    'The file.',
    'Whether it is there.',
    'reads a file.',
    'Bytes of a file.',
    'Names of files.',
    'As it is.',
    'Read a file.',
  ])('no verb is seen at the beginning of %j', (comment) => {
    expect(beginsWithVerb(comment)).toBe(false);
  });
});
