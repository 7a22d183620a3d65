// SPDX-License-Identifier: Apache-2.0
/** The meaning of a line of strace's log. */

/** The purpose of a call. A call that has none of these has to be thought about first: a trace with it is refused. */
export type Kind =
  | 'open'
  | 'look'
  | 'stat'
  | 'list'
  | 'read'
  | 'close'
  | 'go to'
  | 'file system'
  | 'create'
  | 'write'
  | 'sync file'
  | 'sync folder'
  | 'rename'
  | 'remove'
  | 'make folder';

/** The kinds that change what is on the disk, or make it stay there. */
const WRITES: ReadonlySet<Kind> = new Set<Kind>([
  'create',
  'write',
  'sync file',
  'sync folder',
  'rename',
  'remove',
  'make folder',
]);

/** Returns whether a call changes what is on the disk, or makes it stay there. */
export const isWrite = ({ kind }: { readonly kind: Kind }): boolean => WRITES.has(kind);

/** Returns whether a line of strace's log is of a call on the project. */
export function isOurs(line: string, project: string): boolean {
  // A path from the root of the machine is looked up there, wherever the process is.
  const text = line.replace(/AT_FDCWD<[^>]*>, (?="\/)/, '');
  return (
    text.includes(`<${project}`) ||
    text.includes(`"${project}`) ||
    text.includes('"/proc/self/fd') ||
    /<\/proc\/\d+\/fdinfo\//.test(text) ||
    /^(chdir|rename|unlink|mkdir|rmdir)\w*\(/.test(text)
  );
}

/** Returns what a call is for. @throws Error for one that nobody thought about yet */
export function kindOf(call: string, line: string): Kind {
  if (/^(openat|open)$/.test(call)) return line.includes('O_CREAT') ? 'create' : 'open';
  if (/^(statx|newfstatat|fstat)$/.test(call))
    return /^\w+\(\d+<[^>]*>(, ""|\))/.test(line) ? 'stat' : 'look';
  if (/^p?readv?(64)?$/.test(call)) return 'read';
  if (/^p?writev?(64)?$/.test(call)) return 'write';
  if (/^f(data)?sync$/.test(call)) return /\.tmp>\)/.test(line) ? 'sync file' : 'sync folder';
  if (/^rename/.test(call)) return 'rename';
  if (/^unlink/.test(call)) return 'remove';
  if (/^mkdir/.test(call)) return 'make folder';
  const kind = KINDS[call];
  if (kind === undefined) throw new Error(`a call of no known kind: ${line}`);
  return kind;
}

const KINDS: Record<string, Kind> = {
  getdents64: 'list',
  close: 'close',
  chdir: 'go to',
  statfs: 'file system',
};

/** Returns a call and its arguments as text, without what differs from run to run. */
export function textOf(call: string, line: string, project: string): string {
  const descriptor = /^\w+\(\d+<([^>]*)>/.exec(line)?.[1];
  // Of a file that is open what is read or written does not matter.
  const paths =
    descriptor === undefined ? [...line.matchAll(/"([^"]*)"/g)].map(([, path]) => path) : [descriptor];
  const shown = paths.map((path = '') =>
    path
      .replace(/^\/proc\/self\/fd\/\d+(?=\/)/, '')
      .replace(/^\/proc\/\d+\/fdinfo\/\d+|^\/proc\/self\/fdinfo\/\d+/, 'fdinfo')
      .replace(/\d+-[0-9a-f]{12}(?=\.tmp)/, '*')
      .replace(project, '.')
      .replace(/^\//, ''),
  );
  return [call, ...shown].join(' ');
}
