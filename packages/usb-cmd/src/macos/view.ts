// SPDX-License-Identifier: Apache-2.0
import { realpath, stat } from 'node:fs/promises';
import { execProgram, ToolchainError } from '@latticra/toolchain';

/** A read-only view of a Mac. Disk Arbitration is asked; no device is opened. */
export interface MacosView {
  /**
   * Returns what `diskutil` prints with these arguments; undefined when it is not there, fails, hangs, or
   * prints without end.
   */
  diskutil(argv: readonly string[]): Promise<string | undefined>;
  /**
   * Returns a text that tells a device node from a later one of the same name; undefined when there is no
   * device there.
   */
  nodeIdentity(node: string): Promise<string | undefined>;
  /** Returns the path that a path leads to once every link is followed; undefined when it leads nowhere. */
  follow(path: string): Promise<string | undefined>;
}

/** Where macOS has it. It is not looked for along PATH, which could have one of somebody else's. */
const DISKUTIL = '/usr/sbin/diskutil';

const TIME_LIMIT_MS = 20_000;
/** A Mac with a hundred volumes has a list of about 60 KB. */
const OUTPUT_LIMIT = 1024 * 1024;

/** Returns the view of the Mac that this runs on. `program` stands in for diskutil in a test. */
export function macosView(program = DISKUTIL, timeLimitMs = TIME_LIMIT_MS): MacosView {
  return {
    diskutil: (argv) => run(program, argv, timeLimitMs),
    nodeIdentity: (node) =>
      stat(node, { bigint: true }).then(
        // devfs numbers every node that it makes anew.
        (stats) =>
          stats.isBlockDevice() || stats.isCharacterDevice() ? `${stats.rdev} ${stats.ino}` : undefined,
        () => undefined,
      ),
    follow: (path) => realpath(path).catch(() => undefined),
  };
}

/** Runs a program with a locale for its whole environment, without input, and ends it at limits of time and output. */
async function run(
  program: string,
  argv: readonly string[],
  timeLimitMs: number,
): Promise<string | undefined> {
  const limits = { timeLimitMs, maxBytes: OUTPUT_LIMIT };
  try {
    const { end, stdout } = await execProgram(program, argv, { env: { LC_ALL: 'C' }, cwd: '/', ...limits });
    return 'code' in end && end.code === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof ToolchainError && error.code !== 'machine-exhausted') return undefined;
    throw error;
  }
}
