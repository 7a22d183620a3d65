// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readProjects } from '../architecture/workspace.js';
import { parseAddress, withAddress } from './address.mjs';

const { repository }: { repository?: string } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const ADDRESS = 'https://host.example/owner/name';

describe('the address of the repository', () => {
  it('an address is https with an owner and a name, with .git or without', () => {
    expect([ADDRESS, `${ADDRESS}.git`].map(parseAddress)).toEqual([ADDRESS, ADDRESS]);
  });

  it.each([
    '',
    'owner/name',
    'http://host.example/owner/name',
    `${ADDRESS}?x`,
    'https://host.example/name',
    `${ADDRESS}/..`,
    'git@host.example:owner/name.git',
    `https://user:secret@host.example/owner/name`,
  ])('%j is no address', (text) => {
    expect(() => parseAddress(text)).toThrow('expected the repository');
  });

  it('an address gives a manifest its homepage, repository and bugs, and takes old ones away', () => {
    const manifest = { name: 'a', homepage: 'old', license: 'Apache-2.0', type: 'module' };
    const addressed = withAddress(manifest, 'packages/a', ADDRESS);
    expect(addressed).toEqual({
      name: 'a',
      license: 'Apache-2.0',
      homepage: `${ADDRESS}/tree/HEAD/packages/a#readme`,
      repository: { type: 'git', url: `git+${ADDRESS}.git`, directory: 'packages/a' },
      bugs: { url: `${ADDRESS}/issues` },
      type: 'module',
    });
    expect(withAddress(addressed, 'packages/a', ADDRESS)).toEqual(addressed);
    expect(withAddress(addressed, 'packages/a', undefined)).toEqual({
      name: 'a',
      license: 'Apache-2.0',
      type: 'module',
    });
  });
});

describe.each(readProjects())('$folder on npm', ({ folder, manifest }) => {
  it('the manifest has the address that the root has (pnpm repository writes it), words to be found by, and the changelog among its files', () => {
    expect(manifest).toEqual(withAddress(manifest, folder, repository));
    const { keywords, scripts, files } = manifest as {
      keywords?: string[];
      scripts?: Record<string, string>;
      files?: readonly string[];
    };
    expect(keywords?.length).toBeGreaterThanOrEqual(2);
    expect(new Set(keywords).size).toBe(keywords?.length);
    // npm takes a README and a licence by itself, and no changelog.
    expect(files).toContain('CHANGELOG.md');
    expect(scripts?.prepack).toBe('node ../../tools/release/prepack.mjs');
  });

  // npm resolves them from `repository.directory`, as a reader of the repository does.
  it('every link of the README leads to something in the repository', () => {
    const text = readFileSync(join(ROOT, folder, 'README.md'), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      expect(path.startsWith('/'), target).toBe(false);
      const file = path === '' ? join(folder, 'README.md') : join(folder, path);
      expect(file.startsWith('..'), target).toBe(false);
      expect(existsSync(join(ROOT, file)), `${folder}/README.md: ${target}`).toBe(true);
      if (anchor === undefined) continue;
      const page = statSync(join(ROOT, file)).isDirectory() ? join(file, 'README.md') : file;
      const anchors = readFileSync(join(ROOT, page), 'utf8')
        .split('\n')
        .filter((line) => /^#+ /.test(line))
        .map(anchorOf);
      expect(anchors, `${folder}/README.md: ${target} (${dirname(page)})`).toContain(anchor);
    }
  });
});

/** Returns the anchor of a heading, as forges and npm make it. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
