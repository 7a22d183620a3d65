// SPDX-License-Identifier: Apache-2.0
import { linkSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOLDING } from '../../test/anchor.js';
import { testFolder } from '../../test/folder.js';
import { measureFile, readStableFile } from '../index.js';
import { fileBelow } from './index.js';

const folder = testFolder();
const at = (name: string) => folder.at(name);
beforeEach(() => {
  mkdirSync(at('root/a/b'), { recursive: true });
  mkdirSync(at('outside'));
  for (const name of ['root/f', 'root/a/b/f']) writeFileSync(at(name), 'inside');
  writeFileSync(at('outside/f'), 'OUTSIDE');
});

describe.each(HOLDING)('a file below a folder that is held by %s', (anchoring) => {
  const read = async (path: string, root = at('root')) => {
    const file = fileBelow(root, path, { anchoring });
    return Buffer.from((await readStableFile(file, { maxBytes: 100 })).bytes).toString();
  };
  const refused = (path: string) => expect(read(path), path).rejects;

  it.each<[string, string, string?]>([
    ['a file', 'f'],
    ['a file further below', 'a/b/f'],
    ['a path with dots', './a/../a/b/./f'],
    ['a link to a file', 'link', 'a/b/f'],
    ['a link to a folder', 'link/f', 'a/b'],
    ['a link that goes up inside', 'a/link', 'b/../../f'],
    ['a link out that leads in again', 'link', '../root/f'],
    ['a link out that leads in again by way of folders', 'a/link/b/f', '../../root/a'],
  ])('%s is read where it lies inside', async (_, path, target) => {
    if (target !== undefined) symlinkSync(target, at(`root/${path.slice(0, path.indexOf('link') + 4)}`));
    expect(await read(path)).toBe('inside');
    expect(await read(join(at('root'), path))).toBe('inside');
  });

  it('a file is read by absolute links and paths, and by other names of the folder', async () => {
    symlinkSync(at('root/a'), at('root/absolute'));
    symlinkSync('root', at('alias'));
    expect(await read('absolute/b/f')).toBe('inside');
    expect(await read(at('alias/f'))).toBe('inside');
    expect(await read('f', at('alias'))).toBe('inside');
    expect(await read(at('root/f'), at('alias'))).toBe('inside');
    symlinkSync(at('alias/f'), at('root/through-alias'));
    expect(await read('through-alias')).toBe('inside');
  });

  it.each<[string, string, string?]>([
    ['a path that goes up', '../outside/f'],
    ['a path that goes up in the middle', 'a/../../outside/f'],
    ['a link out', 'link', '../outside/f'],
    ['a link out to a folder', 'link/f', '../outside'],
    ['a link to the folder above', 'link/outside/f', '..'],
    ['a link out to what is not there', 'link', '../outside/none'],
    ['a link to itself', 'link', 'link'],
    ['a path to something that is not there', '../none/f'],
  ])('%s is refused as outside', async (_, path, target) => {
    if (target !== undefined) symlinkSync(target, at('root/link'));
    await refused(path).toMatchObject({
      code: 'outside',
      kind: 'data',
      fix: expect.stringContaining('that folder'),
    });
    await refused(join(at('root'), path)).toMatchObject({ code: 'outside' });
  });

  it('an absolute path outside, and an absolute link to one, are refused', async () => {
    symlinkSync(at('outside'), at('root/link'));
    await refused(at('outside/f')).toMatchObject({ code: 'outside' });
    await refused('link/f').toMatchObject({ code: 'outside' });
  });

  it.each([
    ['none', 'not-found'],
    ['a/none/f', 'not-found'],
    ['f/f', 'not-found'],
    ['a', 'not-regular'],
    ['.', 'not-regular'],
  ])('the path %s is refused as %s', async (path, code) => {
    await refused(path).toMatchObject({ code });
  });

  it('a file may have several names, and characters that are no text', async () => {
    linkSync(at('root/f'), at('root/second'));
    expect(await read('second')).toBe('inside');
    writeFileSync(at('root/a\\b\u0001'), 'inside');
    expect(await read('a\\b\u0001')).toBe('inside');
  });

  it('every opening decides anew, and leaves nothing open', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    const cwd = process.cwd();
    const file = fileBelow(at('root'), 'a/b/f', { anchoring });
    expect((await measureFile(file)).size).toBe(6);
    renameSync(at('root/a'), at('root/gone'));
    symlinkSync('../outside', at('root/a'));
    mkdirSync(at('outside/b'));
    writeFileSync(at('outside/b/f'), 'OUTSIDE');
    await expect(measureFile(file)).rejects.toMatchObject({ code: 'outside' });
    expect([open(), process.cwd()]).toEqual([before, cwd]);
  });

  it('whatever links there are, a file is read exactly when the system finds it inside', async () => {
    let runs = 0;
    const name = fc.constantFrom('a', 'b', 'f', 'l', '..', '.');
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('l', 'a/l', 'a/b/l'), path), { maxLength: 3 }),
        path,
        async (links, wanted) => {
          const run = at(`run-${runs++}`);
          mkdirSync(join(run, 'root/a/b'), { recursive: true });
          mkdirSync(join(run, 'b'));
          for (const file of ['f', 'b/f']) writeFileSync(join(run, file), 'OUTSIDE');
          for (const file of ['root/f', 'root/a/b/f']) writeFileSync(join(run, file), 'inside');
          for (const [link, target] of links) {
            try {
              symlinkSync(target, join(run, 'root', link));
            } catch {
              // There already.
            }
          }
          // As a manifest's path is read: dots in it are taken out by its names, those in links by what they lead to.
          const expected = await readStableFile(join(run, 'root', wanted), { maxBytes: 100 }).then(
            ({ bytes }) => Buffer.from(bytes).toString(),
            () => 'refused',
          );
          const found = await read(wanted, join(run, 'root')).catch(() => 'refused');
          expect(found).toBe(expected === 'OUTSIDE' ? 'refused' : expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
