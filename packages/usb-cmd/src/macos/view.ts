// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';

/** What can be seen of a Mac. Disk Arbitration is asked; no device is opened. */
export interface MacosView {
  /** What `diskutil` with these arguments prints; undefined when it is not there, fails, hangs, or prints without end. */
  diskutil(argv: readonly string[]): Promise<string | undefined>;
  /** What tells a device node from a later one of the same name; undefined when there is no device there. */
  nodeIdentity(node: string): Promise<string | undefined>;
  /** Where a path leads once every link is followed; undefined when it leads nowhere. */
  follow(path: string): Promise<string | undefined>;
}

/** Where macOS has it. It is not looked for along PATH, which could have one of somebody else's. */
const DISKUTIL = '/usr/sbin/diskutil';

const TIME_LIMIT_MS = 20_000;
/** A Mac with a hundred volumes has a list of about 60 KB. */
const OUTPUT_LIMIT = 1024 * 1024;

/** What the Mac that this runs on shows. `program` stands in for diskutil in a test. */
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

/** An environment of a locale and nothing else, no input, and SIGKILL for what does not keep to the limits. */
function run(program: string, argv: readonly string[], timeout: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      argv,
      { env: { LC_ALL: 'C' }, cwd: '/', timeout, killSignal: 'SIGKILL', maxBuffer: OUTPUT_LIMIT },
      (error, stdout) => resolve(error === null ? stdout : undefined),
    );
    child.stdin?.end();
  });
}
