// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProjects } from '../architecture/workspace.js';
import { PAGES, ROOT } from './blocks.js';

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const projects = readProjects();

/** Returns how the headings of a page are called in links, as GitHub makes them: a name that is there already gets a number. */
function headingsOf(text: string): string[] {
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, '');
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const name = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
}

describe('the tables of everybody', () => {
  it.each(projects)(
    'the page of all lanes, or for a package the root README, leads to $folder',
    ({ folder, kind }) => {
      if (kind === 'apps') expect(read('docs/lanes.md')).toContain(`](../${folder})`);
      else expect(read('README.md')).toContain(`](${folder})`);
    },
  );

  it.each(PAGES.filter((page) => page.startsWith('docs/')))('%s is found from the root README', (page) => {
    expect(read('README.md')).toContain(`](${page})`);
  });

  it('the floors in docs/architecture.md are those of the packages', () => {
    const rows = [...read('docs/architecture.md').matchAll(/^\| (\d) \| ([a-z0-9-]+) \|/gm)];
    const packages = projects.filter(({ kind }) => kind === 'packages');
    expect(rows.map(([, floor, name]) => `${floor} ${name}`).sort()).toEqual(
      [
        ...packages.map(({ floor, folder }) => `${floor} ${folder.slice('packages/'.length)}`),
        ...new Set(
          projects
            .filter(({ kind }) => kind === 'apps')
            .map(({ floor, name }) => `${floor} ${name === 'latticra' ? name : 'apps'}`),
        ),
      ].sort(),
    );
  });
});

describe('the links of', () => {
  it.each(PAGES)('the links of %s lead to files', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, link = '']) => link.split('#')[0] ?? '',
    );
    const local = links.filter((link) => link !== '' && !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });

  it.each(PAGES)('the links of %s to sections lead to headings', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s#:]*)#([^)\s]+)\)/g)];
    const lost = links.filter(([, file = '', heading = '']) => {
      const target = file === '' ? page : join(dirname(page), file);
      return target.endsWith('.md') && !headingsOf(read(target)).includes(heading);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });
});
