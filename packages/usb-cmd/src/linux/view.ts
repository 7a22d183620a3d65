// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What can be seen of a Linux machine. Everything here is read; no device is opened. */
export interface LinuxView {
  /** The text of a file, without the line break at its end; undefined when it cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** The names in a folder; undefined when it cannot be read. */
  names(folder: string): Promise<readonly string[] | undefined>;
  /** Where a path leads once every link is followed; undefined when it leads nowhere. */
  follow(path: string): Promise<string | undefined>;
  /** `major:minor` of a block device's node, links followed; undefined for anything else. */
  deviceNumber(node: string): Promise<string | undefined>;
}

/** What sysfs, procfs and devtmpfs show under `root`: `/`, or the tree of another machine in a test. */
export function linuxView(
  root = '/',
  deviceNumber: (file: string) => Promise<string | undefined> = blockDeviceNumber,
): LinuxView {
  const orUndefined = <T>(attempt: Promise<T>): Promise<T | undefined> => attempt.catch(() => undefined);
  return {
    text: (path) => orUndefined(readFile(join(root, path), 'utf8').then((text) => text.replace(/\n$/, ''))),
    names: (folder) => orUndefined(readdir(join(root, folder))),
    follow: (path) =>
      orUndefined(
        Promise.all([realpath(root), realpath(join(root, path))]).then(
          ([top, found]) => `${sep}${relative(top, found)}`,
        ),
      ),
    deviceNumber: (node) => orUndefined(deviceNumber(join(root, node))),
  };
}

/** Packed as glibc's gnu_dev_major and gnu_dev_minor have it. */
async function blockDeviceNumber(file: string): Promise<string | undefined> {
  const stats = await stat(file, { bigint: true });
  if (!stats.isBlockDevice()) return undefined;
  const { rdev } = stats;
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
