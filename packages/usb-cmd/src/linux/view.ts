// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A read-only view of a Linux machine; no device is opened. */
export interface LinuxView {
  /** Reads the text of a file, without the line break at its end; undefined when it cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** Lists the names in a folder; undefined when it cannot be read. */
  names(folder: string): Promise<readonly string[] | undefined>;
  /** Returns the path that a path leads to once every link is followed; undefined when it leads nowhere. */
  follow(path: string): Promise<string | undefined>;
  /** Returns what a link says, without following it; undefined for anything else. */
  link(path: string): Promise<string | undefined>;
  /** Returns `major:minor` of a block device's node, links followed; undefined for anything else. */
  deviceNumber(node: string): Promise<string | undefined>;
}

/** Returns the view of sysfs, procfs and devtmpfs under `root`: `/`, or the tree of another machine in a test. */
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
    link: (path) => orUndefined(readlink(join(root, path))),
    deviceNumber: (node) => orUndefined(deviceNumber(join(root, node))),
  };
}

/** Returns `major:minor` of an `st_rdev`, unpacked as glibc's gnu_dev_major and gnu_dev_minor do it. */
async function blockDeviceNumber(file: string): Promise<string | undefined> {
  const stats = await stat(file, { bigint: true });
  if (!stats.isBlockDevice()) return undefined;
  const { rdev } = stats;
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
