// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { EvidenceError, formatDocument, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import {
  HeldFileError,
  type KeptMeasurements,
  measureFile,
  readStableFile,
  writeFileAtomic,
} from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import { reasonOf } from '@latticra/lane';
import type { Account, StepOutcome } from '../../steps/account.js';
import { stateOfFolder } from '../../steps/own-folder.js';
import { type Digests, decide } from './decide.js';
import { ReleaseError } from './error.js';
import { RELEASE_MARK, type ReleaseState, releaseState, type StepEntry } from './state.js';

/** A file that a step left, which is measured unless its digest is given. */
export type StepOutput = string | { readonly name: string; readonly sha256: string };

const MAX_COMMAND_BYTES = 8000;

/** One step of a release. */
export interface ReleaseStep<T> {
  /** In the state: `sbom`. */
  readonly id: string;
  /** For a person: `SBOM`. */
  readonly name: string;
  /** What it leaves, for a person: a path from the folder. */
  readonly report: string;
  /** The digests of all that its result follows from. */
  readonly inputs: Digests;
  /** Does it, and says which files it left: paths from the folder, with the digest of what was just verified by it. */
  work(): Promise<StepOutcome<T> & { readonly outputs: readonly StepOutput[] }>;
  /**
   * Returns the value of the earlier run, of which inputs and outputs are as they were.
   * @throws Failure where that is not what it has to be after all
   */
  kept(): Promise<T>;
}

/** A run of the steps, in a folder that remembers them. */
export class ReleaseRun {
  #state: ReleaseState;
  /** What the files that were measured in this run are, by their path from the folder. */
  readonly #known = new Map<string, string>();
  readonly #measured: KeptMeasurements;
  /** What this run wrote last of how far it is. */
  #written = '';
  #done = 0;
  #kept = 0;

  /** As it was named. */
  readonly folder: string;
  readonly absolute: string;
  readonly account: Account;
  /** What an earlier run left. */
  readonly before: ReleaseState | undefined;

  constructor(
    folder: { readonly named: string; readonly absolute: string },
    account: Account,
    before: ReleaseState | undefined,
    {
      version,
      command,
      kept,
    }: {
      readonly version: string;
      readonly command: string;
      /** Keeps what is measured of files that an earlier run left. */
      readonly kept: KeptMeasurements;
    },
  ) {
    this.folder = folder.named;
    this.absolute = folder.absolute;
    this.account = account;
    this.before = before;
    this.#measured = kept;
    const { inputs = [], outputs = [] } = before ?? {};
    this.#state = {
      ...{ status: 'running', version, failedStep: undefined, failure: undefined, inputs, outputs },
      // No line of a document is longer; who has paths that long types them again.
      command: Buffer.byteLength(command) > MAX_COMMAND_BYTES ? undefined : command,
    };
  }

  /** How many steps were done in this run, and how many were kept. */
  get counts(): { readonly done: number; readonly kept: number } {
    return { done: this.#done, kept: this.#kept };
  }

  get state(): ReleaseState {
    return this.#state;
  }

  /** Returns the path of a file in the folder, as the folder was named. */
  at(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Returns the absolute path of a file in the folder. */
  absoluteOf(...names: readonly string[]): string {
    return join(this.absolute, ...names);
  }

  /** Returns the digests of the files that steps left and that were measured in this run, by their path from the folder. */
  get known(): ReadonlyMap<string, string> {
    return this.#known;
  }

  /** Says that the release is under way, failed, or done. */
  async save(change: Partial<ReleaseState> = {}): Promise<void> {
    this.#state = { ...this.#state, ...change };
    this.#written = formatDocument(releaseState.document(this.#state));
    await writeFileAtomic(this.absoluteOf(RELEASE_MARK.report), this.#written);
  }

  /**
   * Says that the release failed, and returns the error to be thrown. Where another run wrote how far the release is since this one
   * did, that is what is told, and what the other says of itself stays.
   * @param failedStep where it was in one
   */
  async fail(error: unknown, failedStep?: string): Promise<unknown> {
    if (error instanceof ReleaseError && error.code === 'overtaken') return error;
    if (await this.#isOvertaken()) {
      const reason = error instanceof Error ? error.message : String(error);
      return new ReleaseError(
        'overtaken',
        `${this.folder}: another run wrote there meanwhile, and this one came to an end with: ${reason}`,
        'let the other one finish, then run this again',
        error,
      );
    }
    if (this.#state.status === 'running')
      await this.save({ status: 'failed', failedStep, failure: reasonOf(error) });
    return error;
  }

  /** Returns whether another run wrote how far the release is since this one did. */
  async #isOvertaken(): Promise<boolean> {
    try {
      const path = this.absoluteOf(RELEASE_MARK.report);
      const { bytes } = await readStableFile(path, { maxBytes: MAX_DOCUMENT_BYTES });
      return Buffer.from(bytes).toString() !== this.#written;
    } catch (error) {
      // One that moves while it is read is being written; what cannot be read tells nothing of another run.
      return error instanceof HeldFileError && error.code === 'changed';
    }
  }

  /** Does a step, unless what an earlier run left of it still holds. */
  async step<T>(step: ReleaseStep<T>): Promise<T> {
    const { id, name, report, inputs } = step;
    const outputs = await this.#outputsOf(id);
    const decision = decide(this.before, id, inputs, outputs);
    let because = decision.keep ? '' : decision.because;
    if (decision.keep) {
      try {
        const value = await step.kept();
        this.#keep(outputs);
        this.account.keep(name, report, 'nothing that it follows from has changed');
        return value;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        because = error.message;
      }
    }
    try {
      const value = await this.account.step(name, report, async () => {
        const outcome = await step.work();
        await this.#remember(id, inputs, outcome.outputs);
        const isAgain = this.before !== undefined && because !== 'not done yet';
        return isAgain ? { ...outcome, note: `again: ${because}` } : outcome;
      });
      this.#done++;
      return value;
    } catch (error) {
      throw await this.fail(error, id);
    }
  }

  #keep(outputs: Digests): void {
    this.#kept++;
    for (const [name, sha256] of Object.entries(outputs))
      if (sha256 !== undefined) this.#known.set(name, sha256);
  }

  /** Measures what a step left before, as it is now. */
  async #outputsOf(id: string): Promise<Digests> {
    const digests: Record<string, string | undefined> = {};
    for (const { step, name } of this.before?.outputs ?? []) {
      if (step === id) digests[name] = await digestBelow(this.absolute, name, this.#measured);
    }
    return digests;
  }

  async #remember(id: string, inputs: Digests, outputs: readonly StepOutput[]): Promise<void> {
    const took = Object.entries(inputs).flatMap(([name, sha256]): StepEntry[] =>
      sha256 === undefined ? [] : [{ step: id, sha256, name }],
    );
    const left: StepEntry[] = [];
    for (const output of outputs) {
      const { name, sha256 } =
        typeof output === 'string'
          ? { name: output, sha256: (await measureFile(fileBelow(this.absolute, output))).sha256 }
          : output;
      this.#known.set(name, sha256);
      left.push({ step: id, sha256, name });
    }
    const others = (entries: readonly StepEntry[]) => entries.filter(({ step }) => step !== id);
    await this.save({
      inputs: [...others(this.#state.inputs), ...took],
      outputs: [...others(this.#state.outputs), ...left],
    });
  }
}

/** Returns the digest of a file in a folder; undefined for one that is not there, or no such file, or leads out of it. */
async function digestBelow(
  folder: string,
  name: string,
  keep: KeptMeasurements,
): Promise<string | undefined> {
  try {
    return (await measureFile(fileBelow(folder, name), { keep })).sha256;
  } catch (error) {
    if (error instanceof HeldFileError) return undefined;
    throw error;
  }
}

/**
 * Reads what an earlier run says of a folder; undefined where there was none, or where what it left cannot be read: then everything
 * is done again.
 * @throws HeldFileError `exists` for a folder that no release made
 */
export async function readState(folder: string): Promise<ReleaseState | undefined> {
  if ((await stateOfFolder(folder, RELEASE_MARK)) !== 'own') return undefined;
  const { bytes } = await readStableFile(join(folder, RELEASE_MARK.report), { maxBytes: MAX_DOCUMENT_BYTES });
  try {
    return releaseState.parse(bytes);
  } catch (error) {
    if (error instanceof EvidenceError) return undefined;
    throw error;
  }
}
