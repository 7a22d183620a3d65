// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { OpenLab } from './lab.js';
import type { Scene } from './scene.js';
import { lasting, readTree, sameAs, type Tree } from './tree.js';

/** The end of a run. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a run. */
export interface RunOptions {
  /** Variables that `tools/testing/fault.c` takes. */
  readonly fault?: Readonly<Record<string, string>>;
  /** A line of bash around it, in which `COMMAND` stands for the command. */
  readonly around?: string;
}

const CALL_CLASSES = ['change', 'open', 'read', 'list'] as const;

/** What calls a fault can be put into, as `tools/testing/fault.c` tells them apart. */
export type CallClass = (typeof CALL_CLASSES)[number];

/** A scene that is set, and was played without a fault: twice where it leaves files. */
export interface Stage {
  readonly scene: Scene;
  readonly folder: string;
  /** How many calls of each class it makes. */
  readonly calls: Readonly<Record<CallClass, number>>;
  /** What lies there before, and what is to lie there afterwards. */
  readonly before: Tree;
  readonly after: Tree;
  /** Returns whether a path holds what it held before, or is to hold afterwards. */
  isOld(path: string, found: string | undefined): boolean;
  isNew(path: string, found: string | undefined): boolean;
  /** Returns whether an answer is that of a run without a fault. */
  isAnswer(stdout: string): boolean;
  /** Puts everything back to where it was before. */
  reset(): void;
  /** Removes what was laid. */
  close(): void;
  run(options?: RunOptions): Promise<Ended>;
}

const KEPT = ['in', 'installer'];

/** Sets a scene: lays its folder, and plays it to see what comes of it. @throws Error where that does not go well */
export async function setStage(scene: Scene, lab: OpenLab): Promise<Stage> {
  const folder = lab.newFolder();
  await scene.lay?.(folder, lab);
  const saved = `${folder}.saved`;
  const keepOut = (source: string) => !KEPT.includes(source.slice(folder.length + 1));
  const save = () => {
    rmSync(saved, { recursive: true, force: true });
    cpSync(folder, saved, { recursive: true, filter: keepOut, preserveTimestamps: true });
  };
  const reset = () => {
    for (const name of readdirSync(folder).filter((entry) => !KEPT.includes(entry)))
      rmSync(join(folder, name), { recursive: true, force: true });
    cpSync(saved, folder, { recursive: true, preserveTimestamps: true });
  };
  const run = ({ fault = {}, around = 'exec COMMAND' }: RunOptions = {}) =>
    play([...lab.commandLine(scene.command), ...scene.argv], folder, around, {
      ...lab.environment(folder),
      ...(Object.keys(fault).length > 0 && { LD_PRELOAD: lab.library, FAULT_ROOT: folder, ...fault }),
    });
  const control = async (options?: RunOptions) => {
    const ended = await run(options);
    if (ended.status !== 0)
      throw new Error(`${scene.command} without a fault: ${ended.status}: ${ended.stdout}${ended.stderr}`);
    return { ended, tree: readTree(folder) };
  };

  save();
  if (scene.replaces) {
    const fresh = lasting((await control()).tree);
    for (const [path, found] of fresh)
      if (found.startsWith('a file: ')) writeFileSync(join(folder, path), 'old\n');
    save();
  }
  const before = readTree(saved);
  // What is only printed is the same every time; files may hold times.
  const plain = scene.leaves === 'files' ? await control() : undefined;
  if (plain !== undefined) reset();
  const log = `${folder}.calls`;
  const counted = await control({ fault: { FAULT_CLASS: 'every', FAULT_COUNT: log } });
  const calls = countCalls(readFileSync(log, 'utf8'));
  rmSync(log);
  reset();
  const [first, second] = [plain ?? counted, counted];
  const same = new Map(
    [...first.tree].map(([path, found]) => [path, sameAs(found, second.tree.get(path) ?? '')]),
  );
  return {
    scene,
    folder,
    calls,
    before,
    after: first.tree,
    isOld: (path, found) => before.get(path) === found,
    isNew: (path, found) => (found === undefined ? !same.has(path) : (same.get(path)?.(found) ?? false)),
    isAnswer: sameAs(first.ended.stdout, second.ended.stdout),
    reset,
    run,
    close: () => {
      for (const path of [folder, saved]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Counts the calls of each class in a list of all of them. */
function countCalls(list: string): Record<CallClass, number> {
  const classes = list.split('\n').map((line) => line.split(' ')[0]);
  const count = (name: CallClass) => [name, classes.filter((one) => one === name).length] as const;
  return Object.fromEntries(CALL_CLASSES.map(count)) as Record<CallClass, number>;
}

/** Runs a command line below bash, which may do something around it. */
export async function play(
  argv: readonly string[],
  cwd: string,
  around: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const line = around.replaceAll('COMMAND', () => '"$0" "$@"');
  // Only the command has the library loaded: what bash does is not what is tried.
  const { LD_PRELOAD, ...others } = env;
  const preload = LD_PRELOAD === undefined ? [] : ['env', `LD_PRELOAD=${LD_PRELOAD}`];
  const child = spawn('bash', ['-c', line, ...preload, ...argv], {
    cwd,
    env: others,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { status, signal, stdout, stderr };
}
