// SPDX-License-Identifier: Apache-2.0
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST } from '../../test/manifest.js';
import { failuresOf, HASHES, testProject } from '../../test/project.js';
import { initManifest, parseManifest } from '../index.js';

const project = testProject();
beforeEach(() => rmSync(project.at('latticra.seal')));
const init = () => initManifest(MANIFEST.project, { root: project.path });

/** What init excludes whether it is there or not. */
const ALWAYS = [
  '.git',
  'node_modules/',
  '__pycache__/',
  'reports/latticra-seal-cli-report.txt',
  'reports/latticra-seal-cli-hashes.txt',
  'reports/latticra-seal-report.txt',
  'reports/latticra-seal-file-hashes.txt',
];

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
        project.write('tools/env/pyvenv.cfg', 'home = /usr/bin\n');
        project.write('tools/env/lib/cacert.pem', 'x');
        symlinkSync('/usr/bin/python3', project.at('tools/env/python3'));
        project.write('x/CACHEDIR.TAG', 'Signature: 8a477f597d28d172789f06886806bc55\n# by a tool\n');
      },
      { excluded: ['tools/env/*', 'x/*'] },
    ],
    [
      'where a mark of a cache or environment does not hold what makes it one',
      () => {
        project.write('a/CACHEDIR.TAG', '');
        project.write('b/CACHEDIR.TAG', '# Signature: 8a477f597d28d172789f06886806bc55\n');
        project.write('c/CACHEDIR.TAG', '\nSignature: 8a477f597d28d172789f06886806bc55\n');
        project.write('d/CACHEDIR.TAG', 'Signature: 8a477f597d28d172789f06886806bc56\n');
        const padded = `Signature: 8a477f597d28d172789f06886806bc55\n${' '.repeat(1 << 16)}`;
        project.write('e/CACHEDIR.TAG', padded);
        project.write('f/pyvenv.cfg', 'prompt = home\nhome =\n');
        project.write('g/CACHEDIR.TAG/x', 'a folder');
        for (const folder of 'abcdefg') project.write(`${folder}/payload`, 'x');
      },
      { hashed: [...'abcdefg'].map((folder) => `${folder}/payload`) },
    ],
  ])(
    'the manifest that init writes passes a check at once %s',
    async (_, make, { excluded = [], hashed = [], required = [] }) => {
      make();
      const { manifest, obstacles } = await init();
      expect(obstacles).toEqual([]);
      expect(manifest.exclude.slice(ALWAYS.length)).toEqual(excluded);
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

  it('init makes no pattern of a name that means something else in one, nor one that takes more than its link', async () => {
    const problem = 'is a symbolic link, expected a regular file or a folder';
    const names = ['*', '*.c', 'a"b', 'd/"quoted"', 'd/*', 'd/a*b*c', 'only/*', 's*r/x'];
    mkdirSync(project.at('only'));
    mkdirSync(project.at('d'));
    mkdirSync(project.at('s*r'));
    for (const name of names) symlinkSync('x', project.at(name));
    // Of one name with a file of two.
    symlinkSync('x', project.at('same'));
    linkSync(project.write('../outside', 'x'), project.at('d/same'));
    const { manifest, obstacles } = await init();
    expect(manifest.exclude).toEqual(ALWAYS);
    expect([...obstacles].sort()).toEqual(
      [
        ...names.map((name) => `${name}: ${problem}, and no pattern can spell its name`),
        `same: ${problem}, and no pattern leaves it out without d/same`,
        'd/same: has 2 names (hard links), expected one',
      ].sort(),
    );
    for (const name of [...names, 'same', 'd/same']) rmSync(project.at(name));
    project.write('only/payload', 'x');
    expect((await project.run()).status).toBe('PASS');
    expect(project.read(HASHES)).toContain('  only/payload\n');
  });

  it('init tells which of its patterns reach beyond what they are for, and what is not denied for the sake of a file', async () => {
    symlinkSync('src', project.at('link'));
    project.write('test/cert.pem', 'not a key');
    for (const path of ['a/.git', 'b/.git/HEAD']) project.write(path, 'x');
    project.write('c/.git', 'gitdir: ../../elsewhere\n');
    mkdirSync(project.at('d'));
    symlinkSync('x', project.at('d/.git'));
    project.write('a*b/CACHEDIR.TAG', 'Signature: 8a477f597d28d172789f06886806bc55');
    const { manifest, obstacles, notes } = await init();
    expect(obstacles).toEqual([]);
    expect([...notes].sort()).toEqual([
      'a*b: is made by tools, and stays in the scope, as no pattern can spell its name',
      ...['a', 'b', 'd'].map(
        (folder) => `${folder}/.git: is not what git calls that, and is left out all the same`,
      ),
      'link: is left out by its name, and so is whatever else is called that, in any folder',
      'test/cert.pem: has a name like *.pem, which is therefore not denied',
    ]);
    expect(manifest.denyFilenames).toEqual(['*.p12', '*.pfx', '*.kdbx']);
    expect((await project.run()).status).toBe('PASS');
    expect(project.read(HASHES)).toContain('  a*b/CACHEDIR.TAG\n');
  });

  it('init tells beforehand what a check will not let pass', async () => {
    project.write('.env', 'x');
    linkSync(project.at('src/main.c'), project.at('src/same.c'));
    project.write('latticra.seal.lock/payload', 'x');
    project.write('reports/latticra-seal-report.txt/payload', 'x');
    writeFileSync(Buffer.concat([Buffer.from(project.at('src/')), Buffer.from([0x61, 0xff])]), 'x');
    const { obstacles } = await init();
    expect(obstacles).toEqual([
      '.env: is an environment file',
      'latticra.seal.lock: is a folder, expected a regular file',
      'reports/latticra-seal-report.txt: is a folder, expected a regular file',
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
          /^latticra\.seal: 47 patterns of 2\d{3} bytes, expected at most 2000$/,
        ),
        fix: expect.stringContaining('leave out'),
      }),
    );
    expect(project.has('latticra.seal')).toBe(false);
    expect((await initWithin(3000)).manifest.exclude).toHaveLength(47);
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
    for (const name of [
      'build/out.o',
      'src/build/plan.c',
      'node_modules/a/index.js',
      '.git/HEAD',
      '.git/objects/x',
    ])
      project.write(name, 'x');
    symlinkSync('main.c', project.at('src/link'));
    symlinkSync('/nonexistent', project.at('build/link'));
    const { manifest, obstacles, notes } = await init();
    expect([obstacles, notes]).toEqual([[], []]);
    expect(parseManifest(Buffer.from(project.read('latticra.seal')))).toEqual(manifest);
    expect(manifest.exclude).toEqual([...ALWAYS, 'build/*', 'src/link']);
    expect((await project.run('check', { expectId: 'demo' })).status).toBe('PASS');
    expect(project.read(HASHES)).toContain('  src/build/plan.c\n');
    expect(project.read(HASHES)).not.toMatch(/out\.o|node_modules|HEAD|link/);
  });

  it('init leaves .git out whether it is the folder of a clone or the file of a worktree', async () => {
    project.write('.git/HEAD', 'x');
    project.write('.git/objects/x', 'x');
    expect((await init()).notes).toEqual([]);
    expect((await project.run('baseline')).status).toBe('PASS');
    rmSync(project.at('.git'), { recursive: true });
    project.write('.git', 'gitdir: /elsewhere\n');
    expect(await project.run('verify')).toMatchObject({ status: 'PASS' });
    const inClone = project.read('latticra.seal');
    rmSync(project.at('latticra.seal'));
    expect((await init()).notes).toEqual([]);
    expect(project.read('latticra.seal')).toBe(inClone);
  });

  it('the manifest that init writes hides nothing that is only named like an artifact', async () => {
    await init();
    expect((await project.run('baseline')).status).toBe('PASS');
    const payload = [
      'reports/latticra-seal-cli-hashes.txt.sh',
      'reports/latticra-seal-payload',
      'reports/latticra-seal-x/y',
      'src/latticra-seal-report.txt',
    ];
    for (const path of payload) project.write(path, 'x');
    const { status, lines } = await project.run('verify');
    expect(status).toBe('FAIL');
    expect(lines.filter((line) => line.startsWith('ADDED: '))).toEqual(
      payload.map((path) => `ADDED: ${path}`),
    );
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
