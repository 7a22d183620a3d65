// SPDX-License-Identifier: Apache-2.0
import { COMMON_FLAGS, manifestFlag } from './common-flags.js';
import type { FlagSpec } from './flag-specs.js';
import { exitHelp, flagHelp, flagSyntax, paragraphsOf, usageOf } from './help.js';
import type { Lane } from './lane.js';
import type { Program } from './program.js';

/** What a manual page is made of. */
export type ManualLane = Pick<
  Lane,
  'bin' | 'version' | 'summary' | 'details' | 'examples' | 'flags' | 'fixture' | 'exits'
>;

/**
 * Formats the manual page of a lane in the macros of man(7), from what its `--help` is made of.
 * @param also the names of other pages that a reader may want
 */
export function formatManual(lane: ManualLane, also: readonly string[] = []): string {
  const own = Object.entries(lane.flags);
  const common = Object.entries({ ...manifestFlag(lane), ...COMMON_FLAGS });
  const [command = '', ...rest] = usageOf(lane);
  return [
    header(lane),
    '.SH SYNOPSIS\n',
    `.nh\n.B ${word(command)}\n${rest.map((part) => `${line(part)}\n`).join('')}.hy\n`,
    `.SH DESCRIPTION\n${paragraphs(lane.details)}`,
    own.length > 0 ? `.SH OPTIONS\n${flags(own)}.SS Every lane\n` : '.SH OPTIONS\n',
    flags(common),
    `.SH EXAMPLES\n${lane.examples.map((example) => `.PP\n.nf\n${line(`${lane.bin} ${example}`.trim())}\n.fi\n`).join('')}`,
    `.SH EXIT STATUS\n${paragraphs(exitHelp(lane).replace(/^Exit: /, ''))}`,
    seeAlso(also),
  ].join('');
}

/** Formats the manual page of a command of several lanes: each with what it takes. */
export function formatProgramManual(program: Program, also: readonly string[] = []): string {
  const lanes = Object.entries(program.lanes).map(
    ([name, lane]) =>
      `.SS ${quoted(`${program.bin} ${name}`)}\n${paragraphs(capitalised(`${lane.summary}.`))}${paragraphs(lane.details)}` +
      `${flags(Object.entries(lane.flags))}`,
  );
  return [
    header(program),
    `.SH SYNOPSIS\n.B ${word(program.bin)}\n${line('<command> [flags]')}\n`,
    `.SH DESCRIPTION\n${paragraphs(program.details)}`,
    `.SH COMMANDS\n${lanes.join('')}`,
    `.SH OPTIONS\nEvery command takes these as well.\n${flags(Object.entries(COMMON_FLAGS))}`,
    seeAlso(also),
  ].join('');
}

function header({ bin, version, summary }: Pick<ManualLane, 'bin' | 'version' | 'summary'>): string {
  const title = bin.replaceAll(' ', '-').toUpperCase();
  const page = bin.replaceAll(' ', '-');
  // No date: the page of a version is always the same.
  return `.TH ${quoted(title)} 1 "" ${quoted(`Latticra ${version}`)} "Latticra"\n.ad l\n.SH NAME\n${line(`${page} - `).replace(/\\- $/, '\\-')} ${line(summary)}\n`;
}

function flags(entries: readonly (readonly [string, FlagSpec])[]): string {
  return entries
    .map(([name, spec]) => `.TP\n.B ${word(flagSyntax(name, spec))}\n${line(flagHelp(spec))}\n`)
    .join('');
}

function seeAlso(pages: readonly string[]): string {
  if (pages.length === 0) return '';
  const list = pages.map((page) => `.BR ${word(page)} (1)`);
  return `.SH SEE ALSO\n${list.join(' ,\n')}\n`;
}

const paragraphs = (text: string) =>
  paragraphsOf(text)
    .map((paragraph) => `.PP\n${line(paragraph)}\n`)
    .join('');

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Writes text so that the formatter shows it as it is: nothing in it is a request, an escape or a hyphen. */
function line(text: string): string {
  return roff(text).replace(/^(?=[.'])/, '\\&');
}

/** Writes the argument of a macro that takes the whole line. */
const word = (text: string) => quoted(text);

/** Writes an argument of a macro. */
function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}

function roff(text: string): string {
  return [...text.replaceAll('\\', '\\e').replaceAll('-', '\\-')]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x7f
        ? (ASCII[character] ?? character)
        : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    })
    .join('');
}

/** What groff would otherwise show as another character. */
const ASCII: Readonly<Record<string, string>> = { "'": '\\(aq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti' };
