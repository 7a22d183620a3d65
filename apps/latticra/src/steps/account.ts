// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@latticra/lane';

/** A step that was done, or that could not be. */
export interface StepRecord {
  readonly name: string;
  /** False for a step that was left out. */
  readonly held: boolean;
  readonly seconds: number;
  /** The result, in a few words; of a step that was left out, why. */
  readonly result: string;
  /** The path of its report, relative to the folder; undefined where there is none. */
  readonly report: string | undefined;
}

/** The result of a step: a value for the next steps, and a line for the reader. */
export interface StepOutcome<T> {
  readonly value: T;
  readonly result: string;
  /** What else is to be said of it, on a line of its own. */
  readonly note?: string | undefined;
}

/** An account of a rehearsal or a release, printed step by step. */
export interface Account {
  /** The steps that held so far, and those that were left out. */
  readonly steps: readonly StepRecord[];
  /** Does `work` and prints its line. A failure gets a line too, and is thrown on. */
  step<T>(name: string, report: string, work: () => Promise<StepOutcome<T>>): Promise<T>;
  /** Prints the line of a step whose result of an earlier run still holds, and keeps it: it held. */
  keep(name: string, report: string, reason: string): void;
  /** Prints the line of a step that cannot be done here, and keeps it: it did not hold. */
  leaveOut(name: string, reason: string): void;
}

const NAME_WIDTH = 20;
const RESULT_WIDTH = 58;

/** Makes an account that prints each step as a line. @param now milliseconds, from any point on */
export function createAccount(print: (line: string) => void, now = () => performance.now()): Account {
  const steps: StepRecord[] = [];
  print(`${'step'.padEnd(NAME_WIDTH)}   time  ${'result'.padEnd(RESULT_WIDTH)}report`);
  return {
    steps,
    async step(name, report, work) {
      const began = now();
      const seconds = () => (now() - began) / 1000;
      try {
        const { value, result, note } = await work();
        const record = { name, held: true, seconds: seconds(), result, report };
        steps.push(record);
        print(
          `${name.padEnd(NAME_WIDTH)} ${formatSeconds(record.seconds)}  ${result.padEnd(RESULT_WIDTH)}${report}`,
        );
        if (note !== undefined) print(`${' '.repeat(NAME_WIDTH + 10)}${note}`);
        return value;
      } catch (error) {
        print(`${name.padEnd(NAME_WIDTH)} ${formatSeconds(seconds())}  FAILED: ${reasonOf(error)}`);
        throw error;
      }
    },
    keep(name, report, reason) {
      const result = `kept: ${reason}`;
      steps.push({ name, held: true, seconds: 0, result, report });
      print(`${name.padEnd(NAME_WIDTH)}       -  ${result.padEnd(RESULT_WIDTH)}${report}`);
    },
    leaveOut(name, reason) {
      steps.push({ name, held: false, seconds: 0, result: reason, report: undefined });
      print(`${name.padEnd(NAME_WIDTH)}       -  LEFT OUT: ${reason}`);
    },
  };
}

function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`.padStart(7);
}
