// SPDX-License-Identifier: Apache-2.0

/** The means that scenes are laid with. */
export interface Lab {
  /** Runs a command to its end, which has to be a good one. */
  run(cwd: string, command: string, ...argv: string[]): void;
  /** A folder of inputs that is made once, when it is first asked for. */
  once(name: string, make: (folder: string) => Promise<void> | void): Promise<string>;
}

/** One call of a command in a folder of its own. */
export interface Scene {
  /** The bin, and the word that chooses a lane. */
  readonly command: string;
  readonly argv: readonly string[];
  /** The difference to another scene of the same command. */
  readonly variant?: string;
  /** What the lane is about to do: print, or leave something. */
  readonly leaves: 'nothing' | 'files';
  /** Lays inputs and what else has to be there; what lies in `in` and `installer` is never written to. */
  readonly lay?: (folder: string, lab: Lab) => Promise<void> | void;
  /** Whether files that stand there already are replaced; else the lane wants a new or empty place. */
  readonly replaces?: boolean;
  /** Returns whether a file may hold this besides what it held and is to hold; undefined for one that is gone. */
  readonly mayHold?: (path: string, content: string | undefined) => boolean;
  /** The same where two runs at once see each other. */
  readonly mayShare?: (path: string, content: string | undefined) => boolean;
  /** Whether something is told on stdout before the end, or about a failure. */
  readonly tells?: boolean;
  /** What the machine has to have. */
  readonly needs?: readonly string[];
  /** Whether it takes seconds: not every call is tried, and nothing in the suite. */
  readonly slow?: boolean;
}

/** Returns whether a scene is of a guard, which runs other commands on files of its own. */
export const isGuard = ({ command }: Scene): boolean =>
  command.startsWith('test-') || command === 'latticra guard';

/** Returns whether the effects of a scene are looked at: of commands that only print. */
export const isTraced = (scene: Scene): boolean => scene.leaves === 'nothing' && !isGuard(scene);

/** Returns what a scene is called in the table. */
export const nameOf = ({ command, variant }: Scene): string =>
  variant === undefined ? command : `${command}, ${variant}`;
