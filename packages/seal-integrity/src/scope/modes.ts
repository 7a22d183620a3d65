// SPDX-License-Identifier: Apache-2.0

/** The number of files that are listed with their modes at most. */
export const MAX_MODES = 100;

/** Files whose modes let others do more than read and run them, as they are now: no baseline holds modes. */
export interface ModeCount {
  /** The number of files that are setuid, setgid or sticky. */
  readonly special: number;
  /** The number of other files that their group or everybody may write to. */
  readonly writable: number;
  /** `4755 src/a`: first the special ones, each kind as it was found, {@link MAX_MODES} at most. */
  readonly listed: readonly string[];
}

const SPECIAL = 0o7000n;
const WRITABLE = 0o022n;

/** Counts files by their modes. */
export function createModeCount() {
  const special = createList();
  const writable = createList();
  return {
    see(path: string, mode: bigint): void {
      if ((mode & SPECIAL) !== 0n) special.add(path, mode);
      else if ((mode & WRITABLE) !== 0n) writable.add(path, mode);
    },
    finish: (): ModeCount => ({
      special: special.count,
      writable: writable.count,
      listed: [...special.first, ...writable.first].slice(0, MAX_MODES),
    }),
  };
}

/** Creates a list that counts all files, and keeps no more than are listed. */
function createList() {
  const list = {
    count: 0,
    first: [] as string[],
    add(path: string, mode: bigint) {
      list.count += 1;
      if (list.first.length === MAX_MODES) return;
      list.first.push(`${(mode & 0o7777n).toString(8).padStart(4, '0')} ${path}`);
    },
  };
  return list;
}

/** Returns a warning for each kind of mode that was found, with the first file of that kind. */
export function modeWarnings({ special, writable, listed }: ModeCount): string[] {
  const line = (count: number, example: string | undefined, what: string) => {
    if (count === 0) return [];
    const shown = example === undefined ? '' : `, as ${example.slice(5)} (${example.slice(0, 4)})`;
    const files = count === 1 ? 'one file is' : `${count} files are`;
    return [`${files} ${what}${shown}; no baseline holds modes, see [modes] of the report`];
  };
  return [
    ...line(special, listed[0], 'setuid, setgid or sticky'),
    ...line(writable, listed[special], 'open to be written by their group or everybody'),
  ];
}
