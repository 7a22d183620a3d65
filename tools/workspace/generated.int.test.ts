// SPDX-License-Identifier: Apache-2.0
/** Both generators in a copy of this workspace, by the command that people type, and what is asked of every project. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READINESS_CLAIMS } from '../../packages/evidence-format/src/index.js';
import { filesBelow } from '../testing/files-below.js';
import { documentValues } from '../testing/lane.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What tools made: anywhere, and at the root. */
const LEFT_OUT = new Set(['dist', 'node_modules']);
const LEFT_OUT_AT_ROOT = new Set(['.git', '.nx', 'artifacts', 'build', 'coverage', 'reports']);
const LANE = 'os-image-generated-report';
const OTHER_LANE = 'generated';
const LIBRARY = 'generated-reader';
const PROJECTS = [`apps/${LANE}`, `apps/${OTHER_LANE}`, `packages/${LIBRARY}`];

/** What vitest tells of a file. */
interface Result {
  readonly name: string;
  readonly assertionResults: readonly {
    readonly ancestorTitles: readonly string[];
    readonly status: string;
  }[];
}

let copy: string;
const run = promisify(execFile);
/** Runs a program in the copy, and fails with what it said. */
const runIn = async (cwd: string, program: string, ...args: string[]) => {
  const options = {
    cwd,
    env: { ...process.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NO_COLOR: '1' },
  };
  try {
    return (await run(program, args, options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}:\n${stdout}\n${stderr}`);
  }
};
/** Runs a tool of the workspace there. */
const tool = (name: string, ...args: string[]) => runIn(copy, join(copy, 'node_modules/.bin', name), ...args);

/** Copies the tree without what tools made, and links what is installed, as pnpm would. */
function copyWorkspace(): void {
  cpSync(ROOT, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !LEFT_OUT.has(basename(path)) && !LEFT_OUT_AT_ROOT.has(relative(ROOT, path)),
  });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    // Caches of tools are not shared.
    if (/^\.(vite|cache|latticra)/.test(name) || name === '@latticra') continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  }
  mkdirSync(join(copy, 'node_modules/@latticra'));
  symlinkSync(join(copy, 'tools/workspace'), join(copy, 'node_modules/@latticra/workspace'));
  for (const kind of ['packages', 'apps']) {
    for (const name of readdirSync(join(ROOT, kind))) {
      const from = join(ROOT, kind, name, 'node_modules');
      if (!existsSync(from)) continue;
      // Links of pnpm are relative: in the copy they lead to the copy.
      cpSync(from, join(copy, kind, name, 'node_modules'), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !relative(from, path).startsWith('.'),
      });
    }
  }
}

/** Links what the new project declares, all of it from this workspace. */
function install(folder: string): void {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(copy, folder, 'package.json'), 'utf8'),
  );
  mkdirSync(join(copy, folder, 'node_modules/@latticra'), { recursive: true });
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const link = join(copy, folder, 'node_modules', name);
    const kind = existsSync(join(copy, 'apps', name.replace('@latticra/', ''))) ? 'apps' : 'packages';
    if (!existsSync(link)) symlinkSync(join(copy, kind, name.replace('@latticra/', '')), link);
  }
}

/** Lists what generators wrote: the files that are not as they are in this workspace. */
const changed = () =>
  filesBelow(copy, '.').filter((file) => {
    const own = join(ROOT, file);
    return !existsSync(own) || !readFileSync(own).equals(readFileSync(join(copy, file)));
  });

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'latticra-generate-'));
  copyWorkspace();
  await tool('nx', 'g', '@latticra/workspace:lane', LANE, '--description', "what the fixture's claims are");
  await tool('nx', 'g', '@latticra/workspace:lane', OTHER_LANE, '--floor', '5', '--title', 'A TITLE');
  await tool('nx', 'g', '@latticra/workspace:package', LIBRARY, '--floor', '2');
  for (const folder of [...PROJECTS, 'apps/latticra']) install(folder);
}, 240_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('a lane and a package that were generated', () => {
  it('a generated lane and package pass the lint', async () => {
    await tool('biome', 'check', ...changed());
  }, 240_000);

  it('a generated lane and package pass the type check', async () => {
    // As their targets do: what generators leave as it was is checked where it belongs.
    await runIn(copy, process.execPath, 'tools/typecheck.mjs', ...PROJECTS);
  }, 240_000);

  it('generated projects pass the architecture test, their own tests, and what holds for every lane', async () => {
    const files = ['tools/architecture/', 'tools/lanes/every-lane', `apps/${LANE}/`, `apps/${OTHER_LANE}/`];
    // What is tried of each of the other projects is tried where it belongs; what is tried of all of them together stays.
    const others = `^(?!.*\\b(packages|apps)/(?!(${LANE}|${OTHER_LANE}|${LIBRARY})\\b))`;
    const how = ['--config', 'tools/testing/unit.config.ts', '--reporter=json', '-t', others];
    const said = await tool('vitest', 'run', ...files, `packages/${LIBRARY}/`, ...how);
    const { testResults }: { testResults: Result[] } = JSON.parse(said);
    const suites = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed')
        .map((test) => `${relative(copy, name)}: ${test.ancestorTitles.join(' ')}`),
    );
    expect([...new Set(suites)]).toEqual(
      expect.arrayContaining([
        `apps/${LANE}/src/lane.test.ts: latticra-${LANE}`,
        `apps/${OTHER_LANE}/src/lane.test.ts: latticra-${OTHER_LANE}`,
        `packages/${LIBRARY}/src/only-line.test.ts: onlyLine`,
        `tools/lanes/every-lane.test.ts: ${LANE}`,
        `tools/lanes/every-lane.test.ts: ${OTHER_LANE}`,
        `tools/architecture/architecture.test.ts: 'packages/${LIBRARY}'`,
      ]),
    );
  }, 240_000);

  it('a generated lane explains itself, and prints a document without claims', async () => {
    const app = join(copy, 'apps', OTHER_LANE);
    await runIn(app, join(copy, 'node_modules/.bin/tsup'), '--config', '../../tsup.config.ts', '--silent');
    const lane = (...args: string[]) => runIn(app, process.execPath, 'dist/main.cjs', ...args);
    expect(await lane('--help')).toMatch(/^latticra-generated: .+\n\nUsage: latticra-generated\n/);
    const document = await lane();
    expect(document).toMatch(/^A TITLE\n/);
    for (const claim of Object.keys(READINESS_CLAIMS)) expect(documentValues(document)[claim]).toBe('0');
  }, 240_000);

  it('generated projects are in the tables of everybody, with a changeset each', async () => {
    const text = (path: string) => readFileSync(join(copy, path), 'utf8');
    for (const lane of [LANE, OTHER_LANE]) expect(text('docs/lanes.md')).toContain(`(../apps/${lane})`);
    expect(text('README.md')).toContain(`(packages/${LIBRARY})`);
    expect(text('docs/architecture.md')).toContain(`| 2 | ${LIBRARY} |`);
    for (const name of [LANE, OTHER_LANE, LIBRARY]) {
      expect(text(`.changeset/new-${name}.md`)).toContain(`'@latticra/${name}': minor`);
    }
  });
});
