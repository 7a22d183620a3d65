// SPDX-License-Identifier: Apache-2.0
/** What a command does beside computing, as strace sees it: sockets, programs, files. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { OpenLab } from './lab.js';
import type { Scene } from './scene.js';

/** The effects of a command, each list sorted and without what comes twice. */
export interface Effects {
  /** Families of the sockets that it makes. */
  readonly sockets: readonly string[];
  /** Names of the programs that it starts. */
  readonly programs: readonly string[];
  /** Calls that make, change or remove something that has a name, each with what for. */
  readonly changes: readonly string[];
  /** Devices and the like that are opened for writing, where nothing stays of it. */
  readonly devices: readonly string[];
}

const NAMES = [
  ...[
    'open',
    'openat',
    'openat2',
    'creat',
    'truncate',
    'ftruncate',
    'fallocate',
    'copy_file_range',
    'sendfile',
  ],
  ...[
    'rename',
    'renameat',
    'renameat2',
    'unlink',
    'unlinkat',
    'rmdir',
    'mkdir',
    'mkdirat',
    'mknod',
    'mknodat',
  ],
  ...['link', 'linkat', 'symlink', 'symlinkat', 'chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'lchown'],
  ...[
    'fchownat',
    'utime',
    'utimes',
    'futimesat',
    'utimensat',
    'setxattr',
    'fsetxattr',
    'mount',
    'memfd_create',
  ],
];
const NETWORK = [
  'socket',
  'socketpair',
  'connect',
  'bind',
  'listen',
  'accept',
  'accept4',
  'sendto',
  'sendmsg',
];
const PROGRAMS = ['execve', 'execveat'];
/** `?`: a call that this machine may have no number for. */
const TRACED = [...NAMES, ...NETWORK, ...PROGRAMS].map((name) => `?${name}`).join();

/** Runs a scene under strace in its folder, and returns what it did. @throws Error where the run is not a good one */
export const traceEffects = (scene: Scene, lab: OpenLab, folder: string): Effects =>
  readEffects(strace(scene, lab, folder, TRACED));

/** Counts the calls of a scene that change a file of its folder: what `tools/testing/fault.c` calls `change`. */
export function countChanges(scene: Scene, lab: OpenLab, folder: string): number {
  const lines = strace(
    scene,
    lab,
    folder,
    `${TRACED},?write,?writev,?pwrite64,?pwritev,?fsync,?fdatasync,?ioctl`,
  );
  // Through a folder that is held a path names its descriptor.
  const isOurs = (line: string) =>
    [`<${folder}`, `"${folder}`, '"/proc/self/fd/'].some((way) => line.includes(way));
  const isChange = (line: string) =>
    /^\d+ +open/.test(line) ? /O_CREAT|O_TRUNC/.test(line) : !/^\d+ +(ioctl\((?!.*FICLONE)|exec)/.test(line);
  return lines.filter((line) => isOurs(line) && isChange(line) && !line.includes(' resumed>')).length;
}

function strace(scene: Scene, lab: OpenLab, folder: string, calls: string): readonly string[] {
  const log = `${folder}.strace`;
  const argv = [...lab.commandLine(scene.command), ...scene.argv];
  const { status, stderr } = spawnSync(
    'strace',
    ['-f', '-qq', '-y', '-s', '4096', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', log, ...argv],
    { cwd: folder, env: lab.environment(folder), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${status}: ${stderr}`);
  const lines = readFileSync(log, 'utf8').split('\n');
  rmSync(log);
  return lines;
}

/** Reads the effects off the lines of strace's log, of which the first is of the command itself. */
export function readEffects(lines: readonly string[]): Effects {
  const found = { sockets: [], programs: [], changes: [], devices: [] } as Record<keyof Effects, string[]>;
  const [own, ...rest] = lines.filter((line) => line !== '');
  if (!/^\d+ +execve\(/.test(own ?? '')) throw new Error(`expected the start of the command, found ${own}`);
  for (const line of rest) {
    const [, name = '', args = ''] = /^\d+ +(?:<\.\.\. )?(\w+)[( ](.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`no line of a call: ${line}`);
    // A call that another thread broke into two lines is read where it begins; what it returned does not count.
    if (line.includes(' resumed>')) continue;
    if (PROGRAMS.includes(name)) {
      // PATH is searched by trying.
      if (!/ = -1 ENOENT/.test(line)) found.programs.push(basename(/"([^"]*)"/.exec(args)?.[1] ?? args));
    } else if (NETWORK.includes(name)) found.sockets.push(`${name} ${/AF_\w+/.exec(args)?.[0] ?? args}`);
    else if (!/^open|^creat$/.test(name)) found.changes.push(`${name} ${args}`);
    else if (/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(args) || name === 'creat') {
      const path = /"([^"]*)"/.exec(args)?.[1] ?? args;
      found[/^\/dev\/|^\/proc\/self\/fd\//.test(path) ? 'devices' : 'changes'].push(`${name} ${path}`);
    }
  }
  const set = (list: readonly string[]) => [...new Set(list)].sort();
  return {
    sockets: set(found.sockets),
    programs: set(found.programs),
    changes: set(found.changes),
    devices: set(found.devices),
  };
}
