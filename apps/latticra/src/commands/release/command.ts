// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';
import { parseFlags } from '@latticra/lane';
import { formatCommand, parseCommand } from '@latticra/shell-words';
import { RELEASE_FLAGS } from './flags.js';
import type { ReleaseFlags } from './request.js';

/** The command line of a release. */
export interface ReleaseCommand {
  /** For a POSIX shell, in the folder that the release was begun in. */
  readonly line: string;
  /** What it names as the folder of the release. */
  readonly folder: string;
  /** The files that it names, by their flags. */
  readonly files: Readonly<Record<'iso' | 'vm-image' | 'rootfs' | 'recovery', string | undefined>>;
}

/** Returns the command line of a release again. @param folder as it was named, or the default */
export function commandOf(flags: ReleaseFlags, folder: string): string {
  const given = { ...flags, 'output-dir': folder };
  const words = (Object.keys(RELEASE_FLAGS) as (keyof ReleaseFlags)[]).flatMap((name) => {
    const value = given[name];
    if (value === undefined || (name === 'source-tag' && value === 'none')) return [];
    return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
  });
  return formatCommand(['latticra', 'release', ...words]);
}

/**
 * Reads a command line that a file has, and writes it anew: what a person is told to type is a release and nothing else. Returns
 * undefined for any other line.
 */
export function readCommand(line: string): ReleaseCommand | undefined {
  try {
    const [program, word, ...argv] = parseCommand(line);
    if (program !== 'latticra' || word !== 'release') return undefined;
    const flags = parseFlags(argv, RELEASE_FLAGS);
    const folder = flags['output-dir'];
    return folder === undefined ? undefined : { line: commandOf(flags, folder), folder, files: flags };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
