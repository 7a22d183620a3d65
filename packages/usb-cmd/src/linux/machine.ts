// SPDX-License-Identifier: Apache-2.0
import type { Obstacle } from '../facts.js';
import { type Mount, mountOf, parseMounts, parseSwaps, type Swap } from './mounts.js';
import type { LinuxView } from './view.js';

/** The PID namespace that a machine starts with has this number on every kernel (PROC_PID_INIT_INO). */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/** The machine beside its devices; undefined where it could not be read. */
export interface Machine {
  readonly mounts: readonly Mount[] | undefined;
  /** What other processes have mounted in mount namespaces of their own. */
  readonly elsewhere: readonly Mount[];
  readonly swaps: readonly Swap[] | undefined;
  /** Why what is seen here may not be all that there is. */
  readonly obstacle: Obstacle | undefined;
}

/** Reads what is mounted and swapped to, and whether that is all of the machine or what some part of it sees. */
export async function readMachine(view: LinuxView): Promise<Machine> {
  const { own, first } = await readViews(view);
  const swapTable = await view.text('/proc/swaps');
  const others = own === undefined ? undefined : await readElsewhere(view, own);
  return {
    mounts: own,
    elsewhere: others ?? [],
    swaps: swapTable === undefined ? undefined : parseSwaps(swapTable),
    obstacle: (await findObstacle(view, own, first)) ?? (others === undefined ? 'view-unknown' : undefined),
  };
}

interface Views {
  readonly own: readonly Mount[] | undefined;
  /** What the machine's first process sees. */
  readonly first: readonly Mount[] | undefined;
}

/** Reads both mount tables, and again when they differ: something may have been mounted in between. */
async function readViews(view: LinuxView, attempts = 3): Promise<Views> {
  const own = await readMounts(view, 'self');
  const first = await readMounts(view, '1');
  if (attempts > 1 && own !== undefined && first !== undefined && !isSameView(own, first)) {
    return readViews(view, attempts - 1);
  }
  return { own, first };
}

async function readMounts(view: LinuxView, process: string): Promise<readonly Mount[] | undefined> {
  const text = await view.text(`/proc/${process}/mountinfo`);
  return text === undefined ? undefined : parseMounts(text);
}

/**
 * Tells whether two mount tables are of one view. Mounts are numbered across namespaces, and mountinfo shows those that can be reached from the root folder of its
 * process: the same numbers in the same places are the same namespace, seen from the same root.
 */
function isSameView(own: readonly Mount[], first: readonly Mount[]): boolean {
  const list = (mounts: readonly Mount[]) =>
    JSON.stringify(mounts.map(({ id, mountPoint }) => [id, mountPoint]));
  return list(own) === list(first);
}

/** Finds what keeps the machine from being seen whole; undefined where nothing does. */
async function findObstacle(
  view: LinuxView,
  own: Views['own'],
  first: Views['first'],
): Promise<Obstacle | undefined> {
  const namespace = await view.link('/proc/self/ns/pid');
  // In a PID namespace of its own, a container's, process 1 is that container's.
  if (namespace !== undefined && namespace !== FIRST_PID_NAMESPACE) return 'partial-view';
  if (namespace === undefined || own === undefined || first === undefined) return 'view-unknown';
  if (!isSameView(own, first)) return 'partial-view';
  const root = mountOf('/', own);
  return root !== undefined && (await isOnBlockDevice(view, root)) ? undefined : 'root-on-no-disk';
}

/** Tells whether one block device or more is known to be behind a mount. */
export async function isOnBlockDevice(view: LinuxView, mount: Mount): Promise<boolean> {
  return !mount.number.startsWith('0:') || (await namedNumbers(view, mount)).length > 0;
}

/** Returns the numbers of the devices that a mount names. */
export async function namedNumbers(view: LinuxView, { devices }: Mount): Promise<readonly string[]> {
  const numbers = await Promise.all(devices.map((path) => view.deviceNumber(path)));
  return numbers.filter((number) => number !== undefined);
}

/**
 * Reads the mounts of every process, which takes no privilege; undefined when some cannot be told. One that has ended
 * since has none. The first process, which the obstacle is about, shows whether others can be seen at all.
 */
async function readElsewhere(view: LinuxView, own: readonly Mount[]): Promise<readonly Mount[] | undefined> {
  const processes = (await view.names('/proc'))?.filter((name) => /^\d+$/.test(name));
  if (processes === undefined) return undefined;
  const texts = new Set(await Promise.all(processes.map((name) => view.text(`/proc/${name}/mountinfo`))));
  const known = new Set(own.map(({ id }) => id));
  const mounts: Mount[] = [];
  for (const text of texts) {
    const found = text === undefined ? [] : parseMounts(text);
    if (found === undefined) return undefined;
    mounts.push(...found.filter(({ id }) => !known.has(id)));
  }
  return mounts;
}
