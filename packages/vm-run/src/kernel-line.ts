// SPDX-License-Identifier: Apache-2.0

/** What stands before the text of a kernel message: level, time in seconds, and the caller where that is on. */
const STAMP = /^(?:<\d{1,3}>)?\[ {0,11}\d{1,11}\.\d{6}\](?:\[ {0,6}[CT]\d{1,7}\])? /;

/** Returns whether a text is a message of Linux, by its time, or the beginning of one that was cut off within that. */
export function isKernelLineBegun(text: string): boolean {
  return STAMP.test(text) || /^\[ {0,11}(?:\d{1,11}(?:\.(?:\d{0,5}|\d{6}\]?))?)?$/.test(text);
}

/** Returns a line of Linux without level, time and caller. */
export function withoutStamp(line: string): string {
  return line.replace(STAMP, '');
}

/** The word before the build id on a kernel's command line. */
const BUILD_ID = 'latticra.build=';

/** What Linux begins with, also where a log was cut off before it. */
const VERSION = /Linux version \d/g;

/** Returns the command line that a kernel was started with, if this is a line on which it prints it. */
function commandLineOf(line: string): string | undefined {
  return /^(?:Kernel command|Command) line: (.*)$/su.exec(withoutStamp(line))?.[1];
}

/** Returns the word for a build id as it stands on the command line. */
export function buildIdWord(id: string): string {
  return BUILD_ID + id;
}

/** Returns whether a line is the kernel's own, with that build id as a word of its command line. */
export function hasBuildId(line: string, id: string): boolean {
  return commandLineOf(line)?.split(/\s+/).includes(buildIdWord(id)) ?? false;
}

/** Returns every build id that a line names, wherever it stands. */
export function buildIdsIn(line: string): string[] {
  return line
    .split(BUILD_ID)
    .slice(1)
    .map((behind) => /^[^\s"']*/.exec(behind)?.[0] ?? '');
}

/** Returns how often each line stands in the texts that one boot of Linux writes once: its version, its command line twice. */
export function bootMarks(texts: readonly string[]): { readonly mark: string; readonly count: number }[] {
  const countOf = (has: (text: string) => number) => texts.reduce((sum, text) => sum + has(text), 0);
  const commandLine = (words: string) =>
    countOf((text) => (text.includes(BUILD_ID) ? text.split(words).length - 1 : 0));
  const kernel = commandLine('Kernel command line: ');
  return [
    { mark: 'Linux version …', count: countOf((text) => text.match(VERSION)?.length ?? 0) },
    { mark: `Kernel command line: … ${BUILD_ID}…`, count: kernel },
    // x86 says it before there are consoles, and again; the letters of the first are no part of the second.
    { mark: `Command line: … ${BUILD_ID}…`, count: commandLine('Command line: ') },
  ];
}
