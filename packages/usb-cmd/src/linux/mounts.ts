// SPDX-License-Identifier: Apache-2.0

/** A line of `/proc/self/mountinfo`, as far as it matters here (proc_pid_mountinfo(5)). */
export interface Mount {
  /** The kernel's number of the mount: no two of the machine have the same, in whatever namespace they are. */
  readonly id: string;
  /** `major:minor` of the file system; its major is 0 where no single block device is behind it. */
  readonly number: string;
  readonly mountPoint: string;
  readonly type: string;
  /**
   * Paths of the devices that it names: its source (bcachefs has several there, with colons between), and what its
   * options name besides, such as the log and realtime devices of XFS. File systems of no device have none.
   */
  readonly devices: readonly string[];
}

/** Reads the mounts in a mountinfo text, in the order they were made; returns undefined for a text that is not one. */
export function parseMounts(text: string): readonly Mount[] | undefined {
  const mounts: Mount[] = [];
  for (const line of text.split('\n').filter((found) => found !== '')) {
    const words = line.split(' ');
    const [id, , number, , mountPoint] = words;
    // Optional fields, then a hyphen, the type, the source, and the file system's own options.
    const hyphen = words.indexOf('-', 6);
    const [type, source, options = ''] = words.slice(hyphen + 1);
    if (hyphen === -1 || mountPoint === undefined || type === undefined || source === undefined)
      return undefined;
    if (id === undefined || number === undefined || !/^\d+:\d+$/.test(number)) return undefined;
    mounts.push({
      id,
      number,
      mountPoint: unescapeOctal(mountPoint),
      type,
      devices: namedDevices(source, options).map(unescapeOctal),
    });
  }
  return mounts;
}

/** Returns the paths in `/dev` that the source and the options of a mount name. */
function namedDevices(source: string, options: string): string[] {
  const named = options.split(',').map((option) => option.slice(option.indexOf('=') + 1));
  return [...source.split(/:(?=\/dev\/)/), ...named].filter((path) => path.startsWith('/dev/'));
}

/** What the machine swaps to. */
export interface Swap {
  readonly path: string;
  /** On a device of its own, and not in a file. */
  readonly isDevice: boolean;
}

/**
 * Reads the files and devices in a `/proc/swaps` text (proc_swaps(5)); returns undefined for a text that is not
 * one.
 */
export function parseSwaps(text: string): readonly Swap[] | undefined {
  const [head, ...lines] = text.split('\n').filter((line) => line !== '');
  if (head === undefined || !head.startsWith('Filename')) return undefined;
  return lines.map((line) => {
    const [path = '', type] = line.split(/\s+/, 2);
    return { path: unescapeOctal(path), isDevice: type !== 'file' };
  });
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
