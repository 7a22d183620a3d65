// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { derivedReleases, refusals } from './derive.mjs';
import { carriedBy } from './graph.mjs';
import { sentencesOf, splitChangeset } from './split.mjs';

const project = (name: string, imports: string[], installed: string[] = []) =>
  [name, { name, version: '0.1.0', folder: name, imports, installed }] as const;

describe('what a package carries', () => {
  const carried = carriedBy(
    new Map([
      project('leaf', []),
      project('beside', ['leaf'], ['leaf']),
      project('inside', ['leaf']),
      project('app', ['beside']),
      project('all', ['app', 'inside']),
    ]),
  );

  it('a package carries what it imports and does not install, through what it carries too', () => {
    expect(Object.fromEntries([...carried].map(([name, others]) => [name, [...others].sort()]))).toEqual({
      leaf: [],
      beside: [],
      inside: ['leaf'],
      app: ['beside', 'leaf'],
      all: ['app', 'beside', 'inside', 'leaf'],
    });
  });

  it('all that carries a released package is released, unless it is already', () => {
    expect(derivedReleases(['leaf', 'app'], carried)).toEqual([
      { name: 'all', carries: ['app', 'leaf'] },
      { name: 'inside', carries: ['leaf'] },
    ]);
    expect(derivedReleases(['all'], carried)).toEqual([]);
  });

  it('a changeset that holds back what has to be released is refused, and so is a configuration that does', () => {
    const changesets = [
      {
        id: 'one',
        releases: [
          { name: 'leaf', type: 'patch' },
          { name: 'inside', type: 'none' },
          { name: 'beside', type: 'none' },
        ],
      },
    ];
    expect(refusals(changesets, ['all', 'beside'], carried)).toEqual([
      '.changeset/one.md: says none for inside, which carries leaf: take the line out',
      '.changeset/config.json: ignores all, which would stay behind: take it out of "ignore"',
    ]);
    expect(refusals([], ['all'], carried)).toEqual([]);
  });
});

describe('the changesets of one package', () => {
  const releases = ['@x/tar', '@x/sbom', 'top'].map((name) => ({ name, type: 'minor' }));

  it('a sentence that names other packages alone is not said of this one', () => {
    const summary =
      'Links are\nread. `walk` in `tar` follows none. It says why; `@x/sbom/check` and `tar` agree.\nOnly `sbom` counts them.';
    expect(splitChangeset({ summary, releases }).map((each) => [each.name, each.type, each.summary])).toEqual(
      [
        [
          '@x/tar',
          'minor',
          'Links are read. `walk` in `tar` follows none. It says why; `@x/sbom/check` and `tar` agree.',
        ],
        [
          '@x/sbom',
          'minor',
          'Links are read. `walk` in `tar` follows none. It says why; `@x/sbom/check` and `tar` agree. Only `sbom` counts them.',
        ],
        ['top', 'minor', 'Links are read.'],
      ],
    );
  });

  it('where every sentence is about others, all of it is said', () => {
    const summary = 'Only `tar` is quicker.';
    expect(splitChangeset({ summary, releases }).map((each) => each.summary)).toEqual([
      summary,
      summary,
      summary,
    ]);
  });

  it('a list and a block of code stay as they are', () => {
    for (const text of ['Two:\n\n- `tar`. Reads.\n- `sbom`.', 'Run\n\n```sh\nx. Y\n```'])
      expect(sentencesOf(text)).toEqual([text]);
  });
});
