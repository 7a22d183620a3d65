// SPDX-License-Identifier: Apache-2.0
/** Runs of Seal in a project that is changed meanwhile, and the ends that they may have. */
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import type { Anchoring } from '@latticra/held-files/anchor';
import {
  readArtifact,
  type SealCommand,
  type SealOptions,
  type SealOutcome,
  type Streamed,
  seal,
} from '../src/index.js';
import { HASHES, LOCK, REPORT } from './project.js';
import { type Files, hashListOf, type RaceFixture, sha256 } from './race-fixture.js';

/** An attack: two paths change places, one comes and goes, or whatever has such a name changes places with another. */
export type Attack =
  | readonly ['exchange' | 'toggle', string, string]
  | readonly ['hunt', folder: string, prefix: string, path: string];

/** The set-up of an attack, and what holds all the same. */
export interface RaceSetup {
  readonly attack: Attack;
  /** The states as which the project may pass. */
  readonly states: readonly Files[];
  /** The artifacts that the attack replaces, each with what it may be besides that of the run. */
  readonly planted?: Readonly<Record<string, readonly string[]>>;
  /** Prepares each round, after the removal of earlier evidence. */
  readonly prepare?: () => void;
}

/** An attack on a run, and the ends that the run may have. */
export interface Scenario {
  readonly name: string;
  readonly command: SealCommand | Streamed;
  readonly setUp: (fixture: RaceFixture) => RaceSetup;
  /** The reasons of failure and refusal that may be, beside PASS. Every other outcome is a violation. */
  readonly permitted: readonly RegExp[];
}

/** Makes an outcome that no list permits. */
const violation = (what: string) => `VIOLATION: ${what}`;

/** Does a run, with something around it. */
export type RunWrapper = <T>(run: () => Promise<T>) => Promise<T>;

/** Plays one round, and returns how it ended. */
export async function runRound(
  fixture: RaceFixture,
  { command }: Pick<Scenario, 'command'>,
  setup: RaceSetup,
  anchoring: Anchoring,
  wrap: RunWrapper = (run) => run(),
): Promise<string> {
  const { root } = fixture;
  if (command === 'report' || command === 'hashList') {
    setup.prepare?.();
    const read = await tryTo(() => wrap(() => readArtifact(command, { root, anchoring })));
    if (typeof read === 'string') return read;
    const permitted = setup.planted?.[command === 'report' ? REPORT : HASHES] ?? [];
    return permitted.includes(read.toString()) ? 'PASS' : violation('streams what nobody wrote there');
  }
  fixture.clear(command === 'verify' ? [HASHES, REPORT] : [HASHES, REPORT, LOCK]);
  setup.prepare?.();
  const options: SealOptions = {
    command,
    root,
    anchoring,
    mayChangeDirectory: true,
    now: () => new Date(0),
    kernel: 'Linux',
    os: 'linux',
    signal: new AbortController().signal,
  };
  const outcome = await tryTo(() => wrap(() => seal(options)));
  return (
    violationIn(fixture, command, setup, outcome, anchoring) ??
    (typeof outcome === 'string' ? outcome : ending(outcome))
  );
}

async function tryTo<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return `refused (${error.kind}): ${error.message}`;
    throw error;
  }
}

function ending({ status, lines }: SealOutcome): string {
  const failures = lines.filter((line) => line.startsWith('FAIL: '));
  return status === 'PASS' ? status : [...new Set(failures)].join(' & ');
}

/** Returns what is wrong with the evidence of a run, if anything is. */
function violationIn(
  fixture: RaceFixture,
  command: SealCommand,
  { states, planted = {} }: RaceSetup,
  outcome: SealOutcome | string,
  anchoring: Anchoring,
): string | undefined {
  const traces = fixture.traces();
  if (traces.length > 0) return violation(`evidence of what lies outside: ${traces.join()}`);
  const isRefused = typeof outcome === 'string';
  const state = isRefused || outcome.status === 'FAIL' ? undefined : stateOf(outcome, states);
  if (!isRefused && outcome.status === 'PASS' && state === undefined)
    return violation('passes as what it never was');
  // By way of cwd, what was moved away in mid-work could not be taken back, and may be moved in again.
  const isLost =
    anchoring === 'cwd' && /is no longer where it was/.test(isRefused ? outcome : ending(outcome));
  const lists = states.map(hashListOf);
  const expected: readonly (readonly [path: string, texts: readonly string[], besides: readonly string[]])[] =
    [
      [HASHES, state === undefined ? [] : [state], lists],
      [REPORT, isRefused ? [] : [formatDocument(outcome.document)], []],
      [LOCK, command === 'baseline' && state !== undefined ? [state] : [], lists],
    ];
  for (const [path, texts, besides] of expected.slice(0, command === 'verify' ? 2 : 3)) {
    const found = fixture.artifacts(path);
    // A baseline that passed is in its place before the report that says so, and stays where that cannot be written.
    const others = planted[path] ?? (isLost || (path === LOCK && isRefused) ? [] : undefined);
    const mayBe = (text: string) =>
      texts.includes(text) ||
      others?.includes(text) ||
      besides.includes(text) ||
      (path === REPORT && isWhole(text));
    const isRight = others === undefined ? found.join('\0') === texts.join('\0') : found.every(mayBe);
    if (!isRight)
      return violation(`${path} is ${found.length === 0 ? 'missing' : `another, ${found.length} times`}`);
  }
  return undefined;
}

/** Returns whether a text is a report from the first to the last byte. */
function isWhole(text: string): boolean {
  try {
    return parseDocument(Buffer.from(text)).title === 'LATTICRA SEAL REPORT';
  } catch {
    return false;
  }
}

/** Returns the hash list of the state that a run passed as, with manifest and files both of that state. */
function stateOf({ document }: SealOutcome, states: readonly Files[]): string | undefined {
  const digests = document.sections.find(({ name }) => name === 'digests')?.fields ?? [];
  const digestOf = (key: string) => digests.find((field) => field.key === key)?.value;
  return states
    .filter((files) => digestOf('manifest_sha256') === `sha256:${sha256(files['latticra.seal'] ?? '')}`)
    .map(hashListOf)
    .find((text) => digestOf('root_digest') === `sha256:${sha256(text)}`);
}

/** Returns the reasons of a round that are not permitted. */
export function forbidden({ permitted }: Pick<Scenario, 'permitted'>, ending: string): string[] {
  return ending
    .split(' & ')
    .filter((reason) => reason !== 'PASS' && !permitted.some((pattern) => pattern.test(reason)));
}

/** Takes the step that attacker.c takes, once; nobody else looks meanwhile. Returns what undoes it. */
export function applyAttack(attack: Attack, aside: string): () => void {
  if (attack[0] !== 'hunt') {
    const [what, a, b] = attack;
    const swap = () =>
      tryMoves(
        what === 'toggle'
          ? [[a, b]]
          : [
              [a, aside],
              [b, a],
              [aside, b],
            ],
      );
    if (!swap()) return () => undefined;
    return what === 'toggle' ? () => tryMoves([[b, a]]) : swap;
  }
  const [, folder, prefix, path] = attack;
  const name = readdirSync(folder).find((candidate) => candidate.startsWith(prefix));
  return name === undefined ? () => undefined : applyAttack(['exchange', join(folder, name), path], aside);
}

/** Does all of these renames or none, and returns whether it did. */
function tryMoves(moves: readonly (readonly [string, string])[]): boolean {
  const done: (readonly [string, string])[] = [];
  try {
    for (const move of moves) {
      renameSync(...move);
      done.push(move);
    }
    return true;
  } catch {
    for (const [from, to] of done.reverse()) renameSync(to, from);
    return false;
  }
}
