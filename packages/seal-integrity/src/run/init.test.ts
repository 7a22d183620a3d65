// SPDX-License-Identifier: Apache-2.0
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST } from '../../test/manifest.js';
import { failuresOf, HASHES, testProject } from '../../test/project.js';
import { initManifest, parseManifest } from '../index.js';

const project = testProject();
beforeEach(() => rmSync(project.at('latticra.seal')));
const init = () => initManifest(MANIFEST.project, { root: project.path });

describe('the manifest that init writes', () => {
  it.each<[string, () => void, { excluded?: string[]; hashed?: string[]; required?: string[] }]>([
    [
      'where a folder and a link are called as README and license',
      () => {
        project.write('license/MIT.txt', 'x');
        project.write('docs/README.txt', 'x');
        symlinkSync('docs/README.txt', project.at('README'));
        renameSync(project.at('LICENSE'), project.at('license.md'));
      },
      { excluded: ['README'], hashed: ['license/MIT.txt'], required: ['README.md', 'license.md'] },
    ],
    [
      'where README and license have other names',
      () => {
        renameSync(project.at('README.md'), project.at('README.zh-CN.md'));
        renameSync(project.at('LICENSE'), project.at('UNLICENSE'));
      },
      { required: ['README.zh-CN.md', 'UNLICENSE'] },
    ],
    [
      'where there are files that it would deny by their names',
      () => project.write('test/cert.pem', 'not a key'),
      { hashed: ['test/cert.pem'] },
    ],
    [
      'where a folder says that it is an environment or a cache',
      () => {
        project.write('tools/env/pyvenv.cfg', 'home = /usr/bin');
        project.write('tools/env/lib/cacert.pem', 'x');
        symlinkSync('/usr/bin/python3', project.at('tools/env/python3'));
        project.write('x/CACHEDIR.TAG', 'Signature: 8a477f597d28d172789f06886806bc55');
      },
      { excluded: ['tools/env/*', 'x/*'] },
    ],
  ])(
    'the manifest that init writes passes a check at once %s',
    async (_, make, { excluded = [], hashed = [], required = [] }) => {
      make();
      const { manifest, obstacles } = await init();
      expect(obstacles).toEqual([]);
      expect(manifest.exclude.slice(4)).toEqual(excluded);
      if (required.length > 0) expect(manifest.requiredFiles).toEqual([...required, 'latticra.seal']);
      expect(await project.run()).toMatchObject({ status: 'PASS' });
      for (const path of hashed) expect(project.read(HASHES)).toContain(`  ${path}\n`);
    },
  );

  it('init leaves nothing else out for the sake of a link of the same name', async () => {
    project.write('src/config', 'x');
    symlinkSync('src/config', project.at('config'));
    const { manifest, obstacles } = await init();
    expect(manifest.exclude).not.toContain('config');
    expect(obstacles).toEqual([
      'config: is a symbolic link, expected a regular file or a folder, and no pattern leaves it out without src/config',
    ]);
    expect(failuresOf(await project.run())).toEqual([
      'config: is a symbolic link, expected a regular file or a folder; remove it, or exclude it',
    ]);
  });

  it('init writes patterns for names that it cannot spell, and none that takes more than its link', async () => {
    mkdirSync(project.at('d'));
    for (const name of ['d/"quoted"', 'd/a*b*c', 'a"b', '*.c']) symlinkSync('x', project.at(name));
    project.write('d/kept', 'x');
    const { manifest, obstacles } = await init();
    expect(manifest.exclude.slice(4)).toEqual(['a*b', 'd/a*c']);
    const problem = 'is a symbolic link, expected a regular file or a folder';
    expect(obstacles).toEqual([
      `*.c: ${problem}, and no pattern leaves it out without src/main.c`,
      `d/"quoted": ${problem}, and no pattern leaves it out without d/kept`,
    ]);
    rmSync(project.at('*.c'));
    rmSync(project.at('d/"quoted"'));
    expect((await project.run()).status).toBe('PASS');
  });

  it('init tells beforehand what a check will not let pass', async () => {
    project.write('.env', 'x');
    linkSync(project.at('src/main.c'), project.at('src/same.c'));
    writeFileSync(Buffer.concat([Buffer.from(project.at('src/')), Buffer.from([0x61, 0xff])]), 'x');
    const { obstacles } = await init();
    expect(obstacles).toEqual([
      '.env: is an environment file',
      "src/'a\\xff': is not UTF-8",
      'src/main.c: has 2 names (hard links), expected one',
      'src/same.c: has 2 names (hard links), expected one',
    ]);
    expect(
      failuresOf(await project.run())
        .map((reason) => reason.split(':', 1)[0])
        .sort(),
    ).toEqual(obstacles.map((reason) => reason.split(':', 1)[0]).sort());
  });

  it('init says so where there is more to leave out than a manifest holds', async () => {
    mkdirSync(project.at('src/links'));
    for (let link = 0; link < 40; link++)
      symlinkSync('x', project.at(`src/links/${String(link).padStart(40, '-')}`));
    const initWithin = (bytes: number) => initManifest(MANIFEST.project, { root: project.path }, bytes);
    await expect(initWithin(2000)).rejects.toThrow(
      expect.objectContaining({
        code: 'artifact',
        message: expect.stringMatching(
          /^latticra\.seal: 44 patterns of 2\d{3} bytes, expected at most 2000$/,
        ),
        fix: expect.stringContaining('leave out'),
      }),
    );
    expect(project.has('latticra.seal')).toBe(false);
    expect((await initWithin(3000)).manifest.exclude).toHaveLength(44);
  });

  it('init tells of a report folder that a check refuses', async () => {
    mkdirSync(project.at('reports'));
    chmodSync(project.at('reports'), 0o775);
    expect((await init()).obstacles).toEqual(['reports: its group or everybody may write in it (0775)']);
    rmSync(project.at('latticra.seal'));
    rmSync(project.at('reports'), { recursive: true });
    symlinkSync('src', project.at('reports'));
    expect((await init()).obstacles).toEqual(['reports: is a symbolic link, expected a folder']);
  });

  it('the manifest that init writes passes a check at once, with excludes that fit the folder', async () => {
    for (const name of ['build/out.o', 'src/build/plan.c', 'node_modules/a/index.js', '.git/HEAD'])
      project.write(name, 'x');
    symlinkSync('main.c', project.at('src/link'));
    symlinkSync('/nonexistent', project.at('build/link'));
    const { manifest, obstacles } = await init();
    expect(obstacles).toEqual([]);
    expect(parseManifest(Buffer.from(project.read('latticra.seal')))).toEqual(manifest);
    expect(manifest.exclude).toEqual([
      '.git/',
      'node_modules/',
      '__pycache__/',
      'reports/latticra-seal-*',
      'build/*',
      'src/link',
    ]);
    expect((await project.run('check', { expectId: 'demo' })).status).toBe('PASS');
    expect(project.read(HASHES)).toContain('  src/build/plan.c\n');
    expect(project.read(HASHES)).not.toMatch(/out\.o|node_modules|HEAD|link/);
  });

  it('init leaves out the file that .git is in a worktree', async () => {
    project.write('.git', 'gitdir: /elsewhere\n');
    expect((await init()).manifest.exclude).toContain('.git');
    expect((await project.run()).status).toBe('PASS');
    expect(project.read(HASHES)).not.toContain('.git');
  });

  it('init replaces no manifest, and writes none where a README or license is missing', async () => {
    await init();
    await expect(init()).rejects.toThrow(expect.objectContaining({ code: 'exists' }));
    rmSync(project.at('latticra.seal'));
    rmSync(project.at('LICENSE'));
    await expect(init()).rejects.toThrow('LICENSE: no such file at the root');
    mkdirSync(project.at('LICENSES'));
    writeFileSync(project.at('COPYING'), 'GPL\n');
    expect((await init()).manifest.requiredFiles).toEqual(['README.md', 'COPYING', 'latticra.seal']);
  });

  it('init writes no manifest with an identity that it could not hold', async () => {
    for (const name of ['', 'a"b', 'a\\b', 'a\nb', '\u0007']) {
      await expect(initManifest({ ...MANIFEST.project, name }, { root: project.path })).rejects.toThrow(
        expect.objectContaining({ code: 'manifest' }),
      );
    }
    expect(project.has('latticra.seal')).toBe(false);
  });
});
