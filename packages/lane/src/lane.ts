// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument } from '@latticra/evidence-format';
import type { FlagSpecs, FlagValues } from './flag-specs.js';
import type { Progress } from './progress.js';

/**
 * The readiness fixture that a lane reads before anything else, and the check that it claims nothing. The
 * packages that own a fixture export one of these; the kernel adds `--manifest` for it.
 */
export interface FixtureGuard<Fixture> {
  /** Where it lies under the current directory, as the documents name it. */
  readonly defaultPath: string;
  /**
   * Reads and checks the fixture at `path`, or the default one of `cwd`, or the one that ships.
   * @throws Failure `data` naming table, key, what was expected and what was found
   */
  load(path: string | undefined, cwd: string): Promise<GuardedFixture<Fixture>>;
}

/** A fixture that was read and claims nothing. */
export interface GuardedFixture<Fixture> {
  /** The path as it was given, or the default: what `manifest_path=` shows. */
  readonly path: string;
  /** 64 hexadecimal digits of its bytes. */
  readonly sha256: string;
  readonly fixture: Fixture;
}

/** The parts of the outside that a lane's work can see. */
export interface LaneContext<Specs extends FlagSpecs, Fixture> {
  readonly flags: FlagValues<Specs>;
  /** Undefined for a lane without one. */
  readonly fixture: Fixture;
  /** Empty for a lane without a fixture. */
  readonly manifestPath: string;
  /** SHA-256 of the fixture's bytes, hexadecimal; empty for a lane without one. */
  readonly manifestSha256: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly progress: Progress;
  /** Aborted on Ctrl-C and SIGTERM: what a lane started must be gone soon after. */
  readonly signal: AbortSignal;
  /**
   * Writes what a program that was run has to say to the person at the terminal: that it waits for a finger. Nothing is written
   * where no terminal is.
   */
  tell(text: string): void;
  /** Writes one line to stderr of what a person has to do by hand, whatever comes of the lane: it changes neither answer nor status. */
  warn(text: string): void;
  /** Writes bytes to stdout at once, as they are: content, which no answer could repeat. With `--json` nothing is written. */
  write(bytes: Uint8Array): void;
  /** Writes a line to stdout at once, for the few lanes that tell a story instead of answering at the end. */
  print(line: string): void;
}

/** An answer that is no evidence document: an SBOM, a command line, or nothing more than was printed already. */
export interface PlainOutput {
  readonly text: string;
  /** The same for `--json`; the text itself where it is JSON anyway. */
  readonly json: string;
  /** What to exit with; 0 unless given. For lanes whose answer may be a no, and is an answer all the same. */
  readonly status?: number;
}

/** Exit statuses of a lane that is not one of the release lanes and has statuses of its own. */
export interface ExitStatuses {
  /** Returns the exit status of a lane that ended with this error. */
  of(error: unknown): number;
  /** What `--help` says of them, in lines. */
  readonly help: string;
}

/** One command: what `--help` says of it, what it takes, and its work. */
export interface Lane<Specs extends FlagSpecs = FlagSpecs, Fixture = unknown> {
  /** The command's name, as the error line shows it. */
  readonly bin: string;
  readonly version: string;
  /** One line. */
  readonly summary: string;
  /** What a newcomer needs to know, in a few lines. */
  readonly details: string;
  /** Command lines that work, without the bin's name. */
  readonly examples: readonly string[];
  /** Left out by a lane whose answer no fixture could change; it has no `--manifest` then. */
  readonly fixture?: FixtureGuard<Fixture>;
  /** The values of sysexits.h unless given. */
  readonly exits?: ExitStatuses;
  readonly flags: Specs;
  run(context: LaneContext<Specs, Fixture>): Promise<EvidenceDocument | PlainOutput>;
}

/**
 * Returns the lane as it is; the flags and the fixture decide the types that its `run` sees.
 *
 * @example
 * import { fields } from '@latticra/evidence-format';
 * import { defineLane, runLane } from '@latticra/lane';
 *
 * const lane = defineLane({
 *   bin: 'say',
 *   version: '1.0.0',
 *   summary: 'say a word',
 *   details: 'Prints it. Writes nothing.',
 *   examples: ['--word hello'],
 *   flags: { word: { value: 'text', required: true, help: 'the word' } },
 *   run: async ({ flags }) => ({ title: 'A WORD', fields: fields({ word: flags.word }), sections: [] }),
 * });
 * await runLane(lane);
 */
export function defineLane<const Specs extends FlagSpecs, Fixture = undefined>(
  lane: Lane<Specs, Fixture>,
): Lane<Specs, Fixture> {
  return lane;
}
