// SPDX-License-Identifier: Apache-2.0

/** A line of `/proc/self/mountinfo`, as far as it matters here (proc_pid_mountinfo(5)). */
export interface Mount {
  /** `major:minor` of the file system; its major is 0 where no single block device is behind it. */
  readonly number: string;
  readonly mountPoint: string;
  readonly source: string;
}

/** Reads the mounts in a mountinfo text, in the order they were made; returns undefined for a text that is not one. */
export function parseMounts(text: string): readonly Mount[] | undefined {
  const mounts: Mount[] = [];
  for (const line of text.split('\n').filter((found) => found !== '')) {
    const words = line.split(' ');
    const [, , number, , mountPoint] = words;
    // Optional fields, then a hyphen, the type, the source, and the file system's own options.
    const source = words[words.indexOf('-', 6) + 2];
    if (!words.includes('-', 6) || mountPoint === undefined || source === undefined) return undefined;
    if (number === undefined || !/^\d+:\d+$/.test(number)) return undefined;
    mounts.push({ number, mountPoint: unescapeOctal(mountPoint), source: unescapeOctal(source) });
  }
  return mounts;
}

/**
 * Reads the files and devices in a `/proc/swaps` text (proc_swaps(5)); returns undefined for a text that is not
 * one.
 */
export function parseSwaps(text: string): readonly string[] | undefined {
  const [head, ...lines] = text.split('\n').filter((line) => line !== '');
  if (head === undefined || !head.startsWith('Filename')) return undefined;
  return lines.map((line) => unescapeOctal(line.split(/\s/, 1)[0] ?? ''));
}

/** Finds the mount that a path lies on: the deepest, and of several in one place the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const above =
      mount.mountPoint === '/' || path === mount.mountPoint || path.startsWith(`${mount.mountPoint}/`);
    if (above && mount.mountPoint.length >= (found?.mountPoint.length ?? 0)) found = mount;
  }
  return found;
}

/** Decodes space, tab, line break and backslash, which stand in octal. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
