// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The projects of a run that come last: those that share a process fill what is left of every processor. */
const LAST = ['apart', 'together'];

/**
 * Orders test files so that none that takes long begins when all others are over. How long one may take its author has
 * written down: the longest time limit in it, in milliseconds.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    const limits = new Map(usual.map((file) => [file, longestLimit(readFileSync(file.moduleId, 'utf8'))]));
    const order = ({ project }: TestSpecification) => LAST.indexOf(project.name);
    const limit = (file: TestSpecification) => limits.get(file) ?? 0;
    // Those of one project one after the other: where they share a process, the next of them goes on in it.
    const name = ({ project }: TestSpecification) => project.name;
    return usual.toSorted(
      (a, b) => order(a) - order(b) || limit(b) - limit(a) || name(a).localeCompare(name(b)),
    );
  }
}

/** Returns the longest time limit that a source names, in milliseconds; 0 where there is none. */
export const longestLimit = (source: string): number =>
  Math.max(0, ...Array.from(source.matchAll(/\b(\d{2,3})_000\b/g), ([, seconds]) => Number(seconds) * 1000));
