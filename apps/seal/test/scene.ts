// SPDX-License-Identifier: Apache-2.0
/** Projects in which the command is disturbed, and views of what it left there. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SEAL_FILES } from '@latticra/seal-integrity';
import { afterAll, beforeAll } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { haveTools } from '../../../tools/testing/tools.js';
import type { Ended, Traced } from './strace.js';

export const ANCHORINGS = ['procfs', 'cwd'] as const;
export type Anchoring = (typeof ANCHORINGS)[number];

/** The state of a project when a command begins. */
export type State =
  /** README, license and sources, and nothing of Seal. */
  | 'bare'
  /** The same with a manifest. */
  | 'new'
  /** The same with artifacts and lockfile of an earlier run, a file that came since, and what a killed run left. */
  | 'used'
  /** The same, with a lockfile that knows the file. */
  | 'sealed';

/** The artifacts of a run as texts, with `<time>` for when it was; undefined for one that is not there. */
export interface Artifacts {
  readonly hashList: string | undefined;
  readonly lock: string | undefined;
  readonly report: string | undefined;
  readonly manifest: string | undefined;
}

/** A place for projects, and the command to be run in them. */
export interface Scene {
  /** The path of the project, always the same, so that runs can be compared. */
  readonly project: string;
  lay(state: State): void;
  /** Returns the command line of `latticra-seal` that holds folders that way. */
  traced(anchoring: Anchoring, argv: readonly string[]): Traced;
  run(anchoring: Anchoring, argv: readonly string[], env?: Record<string, string>): Ended;
  artifacts(): Artifacts;
  /** Lists what is there beside sources and artifacts, by path. */
  leftovers(): readonly string[];
  /** Returns the environment in which reads and writes come short; see short.c. */
  short(): Record<string, string>;
}

const INIT = [
  ...['init', '--project-id', 'demo', '--project-name', 'Demo', '--project-version', '1.0'],
  ...['--repository', 'https://example.org/demo', '--license', 'MIT'],
];
/** Returns the arguments with which a command is run. */
export const argvOf = (command: string): readonly string[] => (command === 'init' ? INIT : [command]);

/** Content larger than one read, and than the half of one. */
const LARGE = 'large'.repeat(120_000);
const SOURCES: Record<string, string> = {
  'README.md': 'Demo\n',
  LICENSE: 'MIT\n',
  'src/main.c': 'int main(void) { return 0; }\n',
  'src/deep/large': LARGE,
};
/** The end of a temporary's name of a process that is gone: no process has a number as high as this. */
const GONE = '2147483647-0123456789ab.tmp';

/** Builds the command, and projects in each state, once for a test file. */
export function testScene(): Scene {
  let folder = '';
  const at = (...names: string[]) => join(folder, ...names);
  const project = () => at('project');
  const file = (name: string) => join(project(), name);
  const write = (name: string, content: string) => {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), content);
  };
  const read = (name: string) =>
    existsSync(file(name))
      ? readFileSync(file(name), 'utf8').replace(/^timestamp_utc=.*$/m, 'timestamp_utc=<time>')
      : undefined;

  const scene: Scene = {
    get project() {
      return project();
    },
    lay(state) {
      rmSync(project(), { recursive: true, force: true });
      cpSync(at(state), project(), { recursive: true });
    },
    traced(anchoring, argv) {
      const preload = fileURLToPath(new URL('./without-procfs.mjs', import.meta.url));
      return {
        argv: [
          process.execPath,
          ...(anchoring === 'cwd' ? ['--import', preload] : []),
          ...[at('script.mjs'), ...argv, '--root', project()],
        ],
        project: project(),
        log: at('log'),
      };
    },
    run(anchoring, argv, env = {}) {
      const [program = '', ...rest] = scene.traced(anchoring, argv).argv;
      const { status, signal, stdout, stderr } = spawnSync(program, rest, {
        cwd: '/',
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      return { status, signal, stdout, stderr };
    },
    artifacts: () => ({
      hashList: read(SEAL_FILES.hashList),
      lock: read(SEAL_FILES.lock),
      report: read(SEAL_FILES.report),
      manifest: read(SEAL_FILES.manifest),
    }),
    leftovers() {
      const known = new Set<string>([...Object.keys(SOURCES), ...Object.values(SEAL_FILES), 'new']);
      return readdirSync(project(), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(project().length + 1))
        .filter((path) => !known.has(path));
    },
    short: () => ({ LD_PRELOAD: at('short.so'), SHORT_ROOT: project() }),
  };

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'seal-scene-')));
    await bundleScript(new URL('../src/main.ts', import.meta.url), folder);
    if (haveTools('gcc')) {
      const source = fileURLToPath(new URL('./short.c', import.meta.url));
      execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', at('short.so'), source, '-ldl']);
    }
    const keep = (state: State) => cpSync(project(), at(state), { recursive: true });
    const succeed = (command: string) => {
      const { status, stdout, stderr } = scene.run('procfs', argvOf(command));
      if (status !== 0) throw new Error(stdout + stderr);
    };
    const leave = () => {
      for (const target of [SEAL_FILES.hashList, SEAL_FILES.report, SEAL_FILES.lock]) {
        write(target.replace(/[^/]*$/, `.$&.${GONE}`), 'half of');
      }
    };
    for (const [name, content] of Object.entries(SOURCES)) write(name, content);
    keep('bare');
    succeed('init');
    keep('new');
    succeed('baseline');
    write('new', 'new\n');
    leave();
    keep('used');
    succeed('baseline');
    leave();
    keep('sealed');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return scene;
}
