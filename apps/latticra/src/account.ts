// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '@latticra/lane';

/** A step that was done. */
export interface StepRecord {
  readonly name: string;
  readonly seconds: number;
  /** What came of it, in a few words. */
  readonly result: string;
  /** Where its report lies, relative to the rehearsal's folder. */
  readonly report: string;
}

/** What a step gives back: its value for the next ones, and its line for the reader. */
export interface StepOutcome<T> {
  readonly value: T;
  readonly result: string;
}

/** Tells a rehearsal step by step, as it happens. */
export interface Account {
  /** Steps that held so far. */
  readonly steps: readonly StepRecord[];
  /** Does `work` and prints its line; a failure gets a line too, and is thrown on. */
  step<T>(name: string, report: string, work: () => Promise<StepOutcome<T>>): Promise<T>;
}

const NAME_WIDTH = 20;
const RESULT_WIDTH = 58;

/** @param now milliseconds, from any point on */
export function createAccount(print: (line: string) => void, now = () => performance.now()): Account {
  const steps: StepRecord[] = [];
  print(`${'step'.padEnd(NAME_WIDTH)}   time  ${'result'.padEnd(RESULT_WIDTH)}report`);
  return {
    steps,
    async step(name, report, work) {
      const began = now();
      const seconds = () => (now() - began) / 1000;
      try {
        const { value, result } = await work();
        const record = { name, seconds: seconds(), result, report };
        steps.push(record);
        print(
          `${name.padEnd(NAME_WIDTH)} ${formatSeconds(record.seconds)}  ${result.padEnd(RESULT_WIDTH)}${report}`,
        );
        return value;
      } catch (error) {
        print(`${name.padEnd(NAME_WIDTH)} ${formatSeconds(seconds())}  FAILED: ${reasonOf(error)}`);
        throw error;
      }
    },
  };
}

function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`.padStart(7);
}
