// SPDX-License-Identifier: Apache-2.0
import { getEventListeners } from 'node:events';
import {
  documentToJson,
  type EvidenceDocument,
  escapeControls,
  formatDocument,
} from '@latticra/evidence-format';
import { COMMON_FLAGS, manifestFlag } from './common-flags.js';
import { LaneError } from './error.js';
import { exitCodeOf, reasonOf } from './exit-code.js';
import type { FlagSpecs } from './flag-specs.js';
import { completeFlags, readFlags } from './flags.js';
import type { Lane, LaneContext } from './lane.js';
import { writeErr, writeOut } from './output.js';
import { createProgress } from './progress.js';
import { withRemainsTold } from './remains.js';
import { assertStdout } from './stdout.js';

/** The outside of a command; the process's own unless a test says otherwise. */
export interface LaneEnvironment {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdout: (data: string | Uint8Array) => void;
  /** Refuses a stdout that could take no answer, before there is work for one. */
  readonly assertStdout?: () => void;
  readonly stderr: (text: string) => void;
  /** Whether somebody is looking; asked late. */
  readonly stderrIsTerminal: () => boolean;
  readonly signal: AbortSignal;
  /** Returns whether the signal was given, without having it made; asks the signal unless there is such a function. */
  readonly isAborted?: () => boolean;
}

/**
 * Runs a lane from arguments to answer and returns its exit status. Nothing reaches stdout unless the lane
 * succeeded, except what it printed itself on the way; the reason of a failure is one line on stderr.
 */
export async function executeLane<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  outside: LaneEnvironment,
): Promise<number> {
  const isAborted = outside.isAborted ?? (() => outside.signal.aborted);
  try {
    const { text, status } = await answer(lane, outside);
    if (isAborted()) outside.signal.throwIfAborted();
    outside.stdout(text);
    return status;
  } catch (error) {
    // However the work ended, it ended because it was told to.
    return tellFailure(lane, isAborted() ? 'interrupted' : undefined, error, outside.stderr);
  }
}

/** Where what tells a reason cannot be loaded, since as many files are open as may be, this has to do. */
const NO_FILES = {
  line: 'this machine has no more to give: too many open files; raise the limit of open files, which ulimit -n shows',
  status: 74,
} as const;

/**
 * Tells in one line why a command failed, and returns its exit status.
 * @param instead what is told in the place of the reason
 */
export function tellFailure(
  { bin, exits }: Pick<Lane, 'bin' | 'exits'>,
  instead: string | undefined,
  error: unknown,
  stderr: (text: string) => void,
): number {
  let [line, status]: [string, number] = [NO_FILES.line, NO_FILES.status];
  try {
    status = (exits?.of ?? exitCodeOf)(error);
    line = instead ?? reasonOf(error);
  } catch (lack) {
    if (!(lack instanceof Error && 'code' in lack && (lack.code === 'EMFILE' || lack.code === 'ENFILE')))
      throw lack;
  }
  stderr(`${bin}: ${line}\n`);
  return status;
}

async function answer<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  outside: LaneEnvironment,
): Promise<{ readonly text: string; readonly status: number }> {
  const specs: FlagSpecs = { ...COMMON_FLAGS, ...manifestFlag(lane), ...lane.flags };
  const given = readFlags(outside.argv, specs);
  // Help and version answer even when required flags are missing, but not beside nonsense.
  if (given.has('help')) {
    // Whoever does not ask for it does not read how it is laid out.
    const { formatHelp } = await import('./help.js');
    return { text: formatHelp(lane), status: 0 };
  }
  if (given.has('version')) return { text: `${lane.bin} ${lane.version}\n`, status: 0 };
  const own = completeFlags(given, specs);
  outside.assertStdout?.();
  const manifest = typeof own.manifest === 'string' ? own.manifest : undefined;
  const guarded = await lane.fixture?.load(manifest, outside.cwd);
  const warn = (text: string) => outside.stderr(`${lane.bin}: ${escapeControls(text)}\n`);
  const context: Parameters<typeof lane.run>[0] = {
    flags: own as LaneContext<Specs, Fixture>['flags'],
    // Who looks into it has to have read what it says.
    get fixture() {
      return guarded?.fixture as Fixture;
    },
    manifestPath: guarded?.path ?? '',
    manifestSha256: guarded?.sha256 ?? '',
    env: outside.env,
    cwd: outside.cwd,
    progress: createProgress(() => own.quiet !== true && outside.stderrIsTerminal()),
    // Not every lane asks for it.
    get signal() {
      return outside.signal;
    },
    tell: (text) => {
      if (outside.stderrIsTerminal())
        outside.stderr(
          text
            .split(/(\r?\n)/)
            .map(plain)
            .join(''),
        );
    },
    warn,
    write: own.json === true ? () => undefined : outside.stdout,
    // What is told on the way is for people who want it; with --json only the answer counts.
    print: own.json || own.quiet ? () => undefined : (line) => outside.stdout(`${line}\n`),
  };
  const result = await withRemainsTold(warn, () => lane.run(context));
  if ('title' in result)
    return { text: own.json ? documentToJson(checked(result)) : formatDocument(result), status: 0 };
  return { text: own.json ? result.json : result.text, status: result.status ?? 0 };
}

/** Returns a line as it is read, and a line end as it is. */
function plain(text: string): string {
  return /^\r?\n$/.test(text) ? text : escapeControls(text);
}

/** Refuses for JSON what the text would refuse, so that JSON never says more. */
function checked(document: EvidenceDocument): EvidenceDocument {
  formatDocument(document);
  return document;
}

/** How long children get to end after Ctrl-C before this process goes without them. */
const GRACE_MS = 5000;

/** Runs a lane as this process, with its arguments, output and signals, and returns the exit status. */
export async function runLane<const Specs extends FlagSpecs, Fixture>(
  lane: Lane<Specs, Fixture>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<number> {
  // Made when a lane asks for its signal: Node loads what it consists of only then.
  let controller: AbortController | undefined;
  let interrupted: number | undefined;
  const interrupt = (status: number) => () => {
    // Who asks a second time does not want to wait; what is temporary goes all the same.
    if (interrupted !== undefined) process.exit(interrupted);
    interrupted = status;
    const listeners = controller === undefined ? 0 : getEventListeners(controller.signal, 'abort').length;
    controller?.abort();
    // Whoever listens has something to end first; where nobody does there is nothing to wait for.
    if (listeners === 0) {
      writeErr(`${lane.bin}: interrupted\n`);
      process.exit(status);
    }
    setTimeout(() => process.exit(status), GRACE_MS).unref();
  };
  process.on('SIGINT', interrupt(130));
  process.on('SIGTERM', interrupt(143));
  const status = await executeLane(lane, {
    argv,
    env: process.env,
    // Asked for within the run: that it is gone is a failure like others.
    get cwd() {
      return currentFolder();
    },
    stdout: (data) => writeOut(1, data),
    assertStdout,
    stderr: writeErr,
    // A getter of Node's that loads a good part of it.
    stderrIsTerminal: () => process.stderr.isTTY === true,
    get signal() {
      controller ??= new AbortController();
      return controller.signal;
    },
    isAborted: () => controller?.signal.aborted === true,
  });
  return interrupted ?? status;
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new LaneError('no-folder', 'the current folder is not there any more', {
      cause,
      fix: 'go to one that is',
    });
  }
}
