// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { laneFiles, lanesIn } from '../workspace/lanes.mjs';
import { importCycles } from './folders.js';
import { importsOf, type Project, ROOT, readProjects, sourcesOf } from './workspace.js';

const projects = readProjects();
const byName = new Map(projects.map((project) => [project.name, project]));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The one source that starts programs. */
const RUNNER = 'packages/toolchain/src/run/group.ts';

/** Returns the package of a specifier: `@latticra/disk-image` of `@latticra/disk-image/qcow2`. */
const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Returns a source without what biome decides. */
const plain = (text: string) => text.replace(/\s+|,(?=\s*[)\]}])/g, '');

const foreignImports = (project: Project) =>
  sourcesOf(project).flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
      .map((specifier) => ({ file, target: packageOf(specifier) })),
  );

describe.each(projects)('$folder', (project) => {
  it('the manifest of a project says what it is', () => {
    expect(project.floor).toBeGreaterThanOrEqual(0);
    expect(project.manifest.license).toBe('Apache-2.0');
    expect(project.manifest.type).toBe('module');
    expect(project.manifest.description).toMatch(/\w/);
    expect(existsSync(join(ROOT, project.folder, 'README.md'))).toBe(true);
  });

  it('a project imports only from floors below its own, and only what it declares', () => {
    const declared = { ...project.manifest.dependencies, ...project.manifest.devDependencies };
    for (const { file, target } of foreignImports(project)) {
      expect(declared, `${file} imports ${target}`).toHaveProperty([target]);
      const other = byName.get(target);
      if (other) expect(other.floor, `${file} imports ${target}`).toBeLessThan(project.floor);
    }
  });

  it('a project declares nothing that it does not use', () => {
    const used = new Set(foreignImports(project).map(({ target }) => target));
    const tests = project.kind === 'apps' ? [] : Object.keys(project.manifest.devDependencies ?? {});
    for (const name of Object.keys({
      ...project.manifest.dependencies,
      ...(project.kind === 'apps' ? project.manifest.devDependencies : {}),
    })) {
      expect(used.has(name) || tests.includes(name), `${name} in ${project.folder}/package.json`).toBe(true);
    }
  });

  it('every source file is marked with its licence', () => {
    for (const file of sourcesOf(project))
      expect(read(file), file).toMatch(/^(#!.*\n)?\/\/ SPDX-License-Identifier: Apache-2\.0\n/);
  });

  it('a project runs programs through toolchain alone', () => {
    const runners = sourcesOf(project).filter((file) =>
      importsOf(file).some((specifier) => /^((node:)?child_process|tinyexec)$/.test(specifier)),
    );
    expect(runners).toEqual(project.name === '@latticra/toolchain' ? [RUNNER] : []);
  });

  it('a project needs no configuration files of its own', () => {
    for (const file of [
      'tsconfig.json',
      'tsup.config.ts',
      'vitest.config.ts',
      'biome.json',
      'project.json',
    ]) {
      expect(existsSync(join(ROOT, project.folder, file)), file).toBe(false);
    }
  });
});

describe('packages', () => {
  const packages = projects.filter((project) => project.kind === 'packages');

  it.each(packages)('$folder exports by name, and its entries hold nothing else', (project) => {
    for (const file of sourcesOf(project).filter((source) => source.endsWith('/index.ts'))) {
      const statements = read(file)
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .replace(/export (type )?\{[^}]*\} from '[^']+';/g, '')
        .trim();
      expect(statements, file).toBe('');
    }
  });

  it.each(packages)('$folder has folders that import one way only', (project) => {
    expect(importCycles(project)).toEqual([]);
  });

  it('files are short: median at most 65 lines, nine in ten at most 200', () => {
    const lengths = projects
      .flatMap(sourcesOf)
      .map((file) => read(file).split('\n').length - 1)
      .sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(65);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(200);
  });
});

describe('apps', () => {
  const apps = projects.filter((project) => project.kind === 'apps');
  /** The app of many commands: one program, and a file for each command that only says which was meant. */
  const guards = apps.filter((app) => app.folder === 'apps/guards');
  /** The app that has all lanes, and each under its long name too. */
  const command = apps.filter((app) => app.name === 'latticra');

  it.each(apps)(
    '$folder is bundled, with nothing to install beside it, and published without its map',
    (app) => {
      expect(app.manifest.dependencies).toBeUndefined();
      expect(app.manifest.files?.slice(-2)).toEqual(['dist', '!dist/**/*.map']);
    },
  );

  it.each(apps.filter((app) => !guards.includes(app) && !command.includes(app)))(
    '$folder is one command of one file',
    (app) => {
      const [[bin, file] = []] = Object.entries(app.manifest.bin ?? {});
      expect(Object.keys(app.manifest.bin ?? {})).toHaveLength(1);
      expect(file).toBe('./dist/main.cjs');
      expect(app.folder).toBe(`apps/${bin?.replace(/^latticra-/, '')}`);
    },
  );

  it.each(guards)('$folder has commands named after what they guard', (app) => {
    for (const [bin, file] of Object.entries(app.manifest.bin ?? {})) {
      expect(bin).toMatch(/^test-/);
      expect(file).toBe(`./bin/${bin}.cjs`);
      expect(read(`${app.folder}/${file}`)).toMatch(new RegExp(`runGuard\\(\\s*'${bin}'`));
    }
  });

  it('latticra has every lane: its table, its commands, its pages and what it declares (pnpm lanes writes them)', () => {
    for (const [path, text] of laneFiles(ROOT)) {
      const written = read(path);
      if (path.endsWith('.json')) expect(JSON.parse(written), path).toEqual(JSON.parse(text));
      else expect(plain(written), path).toBe(plain(text));
    }
    for (const { bin } of lanesIn(ROOT)) {
      expect(command[0]?.manifest.bin, bin).toHaveProperty([bin], `./dist/bin/${bin}.cjs`);
    }
    expect(lanesIn(ROOT)).toHaveLength(apps.length - command.length - guards.length);
  });

  it.each(apps)('$folder exports nothing that is published but its manifest', (app) => {
    const { exports: published } = app.manifest.publishConfig ?? {};
    if (app.manifest.exports !== undefined) expect(published).toEqual({ './package.json': './package.json' });
    for (const conditions of Object.values(app.manifest.exports ?? {}))
      expect(Object.keys(conditions)).toEqual(['@latticra/source']);
  });
});
