// SPDX-License-Identifier: Apache-2.0
import { ImageError, type ImageErrorCode } from '../error.js';

/** Where a file contradicts the format that it is of. */
export interface Problem {
  readonly code: ImageErrorCode;
  /** One sentence that names the structure and its place. */
  readonly message: string;
  /** What a person can do, where there is something. */
  readonly fix?: string;
}

/** What was found wrong while looking into a file, and what was not looked at. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** A sentence each on what is there and was not read: it is unknown, and never sound. */
  readonly unread: readonly string[];
}

/** Collects findings while readers do their work. */
export class FindingsCollector implements Findings {
  readonly problems: Problem[] = [];
  readonly unread: string[] = [];

  add(code: ImageErrorCode, message: string, fix?: string): void {
    this.problems.push(fix === undefined ? { code, message } : { code, message, fix });
  }

  /** Adds what was found in a part, each sentence with the part in front. */
  addAll(where: string, { problems, unread }: Findings): void {
    for (const problem of problems)
      this.problems.push({ ...problem, message: `${where}: ${problem.message}` });
    for (const sentence of unread) this.unread.push(`${where}: ${sentence}`);
  }

  /**
   * Returns what `read` does, or undefined when it throws an ImageError, which becomes a finding: `unsupported` is
   * something unread, all else a problem.
   */
  attempt<T>(read: () => T, where = ''): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      const message = where === '' ? error.message : `${where}: ${error.message}`;
      if (error.code === 'unsupported') this.unread.push(message);
      else this.add(error.code, message, error.fix);
      return undefined;
    }
  }

  done(): Findings {
    return { problems: this.problems, unread: this.unread };
  }
}
