// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EvidenceDocument, parseDocument, READINESS_CLAIMS } from '@latticra/evidence-format';
import { execProgram, ToolchainError } from '@latticra/toolchain';
import { GuardFailure } from './error.js';

/** The time limit of a lane on the small files of a guard, in milliseconds, and its output limit, in bytes. */
const LIMITS = { timeLimitMs: 60_000, maxBytes: 64 * 1024 * 1024 };

/** A document that a lane printed, and its values by key. */
export interface Answer {
  readonly document: EvidenceDocument;
  readonly values: ReadonlyMap<string, string>;
  readonly text: string;
}

/**
 * The means to run real lanes, as processes of their own, in a folder that holds nothing but what the guard makes.
 */
export interface Drive {
  /** The folder. */
  readonly folder: string;
  /** Writes a file of the guard's into the folder; returns its name. */
  file(name: string, content: string | Uint8Array): string;
  /** Runs a lane that must succeed, say nothing on stderr, and print a document that claims nothing. */
  accepts(lane: string, ...argv: string[]): Promise<Answer>;
  /** Runs a lane that must end with this status, print nothing, and give a reason that matches. */
  refuses(lane: string, argv: readonly string[], status: number, reason: RegExp): Promise<void>;
}

/** The options of a drive. */
export interface DriveOptions {
  /** Finds the program of a lane. */
  readonly find: (lane: string) => string;
  /** The PATH that lanes get. */
  readonly path: string;
  /** A signal that stops the lane that runs. */
  readonly signal: AbortSignal;
}

/** Makes the drive of a guard whose files lie in `folder`. */
export function createDrive(folder: string, { find, path, signal }: DriveOptions): Drive {
  const run = async (lane: string, argv: readonly string[]) => {
    const env = { PATH: path, LC_ALL: 'C' };
    const options = { cwd: folder, env, signal, ...LIMITS };
    const { end, ...printed } = await execProgram(find(lane), argv, options).catch((error: unknown) => {
      if (!(error instanceof ToolchainError) || error.code === 'machine-exhausted') throw error;
      throw new GuardFailure(`${lane}: cannot be run: ${error.message}`);
    });
    signal.throwIfAborted();
    if ('stopped' in end) throw new GuardFailure(`${lane}: stopped: it reached the ${end.stopped}`);
    const status = 'code' in end ? end.code : end.signal;
    return { status, ...printed, shown: [lane, ...argv].join(' ') };
  };
  return {
    folder,
    file(name, content) {
      const target = join(folder, name);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
      return name;
    },
    async accepts(lane, ...argv) {
      const { status, stdout, stderr, shown } = await run(lane, argv);
      if (status !== 0 || stderr !== '') {
        throw new GuardFailure(`${shown}: expected status 0, found ${status}: ${stderr.trim()}`);
      }
      const document = parseDocument(stdout);
      const values = new Map(document.fields.map(({ key, value }) => [key, value]));
      for (const claim of Object.keys(READINESS_CLAIMS)) {
        const value = values.get(claim);
        if (value !== undefined && value !== '0') throw new GuardFailure(`${shown}: ${claim}=${value}`);
      }
      return { document, values, text: stdout };
    },
    async refuses(lane, argv, expected, reason) {
      const { status, stdout, stderr, shown } = await run(lane, argv);
      if (status !== expected) {
        throw new GuardFailure(`${shown}: expected status ${expected}, found ${status}: ${stderr.trim()}`);
      }
      if (stdout !== '')
        throw new GuardFailure(`${shown}: refused, and yet printed ${JSON.stringify(stdout.slice(0, 80))}`);
      if (!reason.test(stderr))
        throw new GuardFailure(`${shown}: expected a reason like ${reason}, found ${stderr.trim()}`);
    },
  };
}

/**
 * Refuses an answer in which a field is missing or has another value.
 * @throws GuardFailure naming the first of them
 */
export function expectFields(
  { values, document }: Answer,
  expected: Readonly<Record<string, string | number>>,
): void {
  for (const [key, value] of Object.entries(expected)) {
    const found = values.get(key);
    if (found !== String(value)) {
      throw new GuardFailure(
        `${document.title}: ${key}: expected ${value}, found ${found ?? 'no such field'}`,
      );
    }
  }
}

/**
 * Refuses an answer whose document lacks one of the keys, or has them in another order.
 * @throws GuardFailure
 */
export function expectOrder({ document }: Answer, keys: readonly string[]): void {
  const places = keys.map((key) => document.fields.findIndex((field) => field.key === key));
  places.forEach((place, index) => {
    if (place < 0) throw new GuardFailure(`${document.title}: ${keys[index]}: missing`);
    if (index > 0 && place <= (places[index - 1] ?? -1)) {
      throw new GuardFailure(`${document.title}: ${keys[index]}: expected behind ${keys[index - 1]}`);
    }
  });
}
