// SPDX-License-Identifier: Apache-2.0

import { hash } from 'node:crypto';
import { hiddenIn, shownText } from './terminal.js';

/** A log of a terminal, as far as a transcript is held to it. */
export interface TerminalLog {
  /** What could be read on the terminal: without colours, cursor movements and what was deleted while typing. */
  readonly text: string;
  /** When script(1) says that it began and ended, in milliseconds since 1970; undefined for a log that does not say. */
  readonly times: { readonly started: number; readonly ended: number } | undefined;
  /** What script(1) says that its command exited with. */
  readonly exitCode: number | undefined;
  /** Why it is no log of a whole session, in a sentence without its subject. */
  readonly problem: string | undefined;
}

const STAMP = '(\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}[+-]\\d{2}:\\d{2})';
/** Hours that clocks are away from UTC at most. */
const MOST_HOURS = 14;
/** How script(1) of util-linux begins and ends a log: `Script started on 2026-11-28 14:00:00+00:00 [TERM="xterm"]`. */
const STARTED = new RegExp(`^Script started on ${STAMP}`);
const SESSION = new RegExp(STARTED.source, 'gm');
const ENDED = new RegExp(`^Script done on ${STAMP}(.*)$`);

/** Reads the log of a terminal: one that script(1) wrote, or what somebody copied from the screen. */
export function readLog(bytes: Uint8Array): TerminalLog {
  const raw = new TextDecoder('utf-8').decode(bytes);
  const text = shownText(raw);
  const [first = ''] = text.split('\n', 1);
  const last = text.slice(text.lastIndexOf('\n', text.trimEnd().length - 1) + 1).trimEnd();
  const started = STARTED.exec(first)?.[1];
  const [, ended, rest = ''] = ENDED.exec(last) ?? [];
  const exit = /COMMAND_EXIT_CODE="(\d+)"/.exec(rest)?.[1];
  return {
    text,
    times: timesOf(started, ended),
    exitCode: exit === undefined ? undefined : Number(exit),
    problem: problemOf(raw, started, ended),
  };
}

function problemOf(raw: string, started: string | undefined, ended: string | undefined): string | undefined {
  if (raw.trim() === '') return 'is empty';
  if (raw.includes('\0')) return 'is no text: it holds a NUL byte';
  const hidden = hiddenIn(raw);
  if (hidden !== undefined) return `holds ${hidden}`;
  if (started !== undefined && ended === undefined)
    return 'was begun by script and never ended: its end is cut off';
  if ([...raw.matchAll(SESSION)].length > 1) return 'holds more than one session of script';
  const wrong = [started, ended].find((stamp) => stamp !== undefined && Number.isNaN(timeOf(stamp)));
  return wrong === undefined ? undefined : `says ${wrong}, a time that there is not`;
}

function timesOf(started: string | undefined, ended: string | undefined): TerminalLog['times'] {
  if (started === undefined || ended === undefined) return undefined;
  const times = { started: timeOf(started), ended: timeOf(ended) };
  return Number.isNaN(times.started + times.ended) ? undefined : times;
}

/** Returns the milliseconds since 1970 of a time with its zone; NaN for one that no calendar, clock or zone has. */
function timeOf(stamp: string): number {
  const [, hours, minutes] = /[+-](\d{2}):(\d{2})$/.exec(stamp) ?? [];
  const local = `${stamp.slice(0, 19).replace(' ', 'T')}.000Z`;
  const read = new Date(local);
  // Date takes 31 February for 3 March.
  const isThere = !Number.isNaN(read.getTime()) && read.toISOString() === local;
  const away = Number(hours) * 60 + Number(minutes);
  if (!isThere || Number(minutes) > 59 || away > MOST_HOURS * 60) return Number.NaN;
  return Date.parse(stamp.replace(' ', 'T'));
}

/**
 * Returns a digest of what could be seen in a session, 64 hexadecimal digits: without what script says of it, blanks, line ends and
 * characters that nobody sees. Two logs with the same one are of one session, whatever was added to a copy.
 */
export function sessionOf({ text }: Pick<TerminalLog, 'text'>): string {
  const seen = text.replace(/^Script (?:started|done) on .*$/gm, '').replace(/[\s\p{C}]+/gu, '');
  return hash('sha256', seen);
}

/** Returns whether a word stands in a text by itself, and not as a part of a longer one. */
export function showsWord(text: string, word: string): boolean {
  const isPart = (at: number) => /[0-9A-Za-z]/.test(text[at] ?? '');
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isPart(at - 1) && !isPart(at + word.length)) return true;
  }
  return false;
}

/** Returns whether a command stands in a text, however the terminal broke its line, and whoever quoted it. */
export function showsCommand(text: string, command: string): boolean {
  const bare = (of: string) => of.replace(/[\s'"\\]+/g, '');
  return bare(text).includes(bare(command));
}
