// SPDX-License-Identifier: Apache-2.0
/** What `latticra` says of itself; it loads no lane. */
import { COMMANDS } from './commands/table.js';
import { LANES } from './lanes/table.js';

export const SUMMARY = 'from built inputs to an OS image release that an operator can check';

const LEFT = 24;
const row = (left: string, right: string) => `  ${left.padEnd(LEFT)}${right}\n`;

/** Formats what a bare `latticra` says: ten lines. */
export function formatBrief(): string {
  return [
    `latticra: ${SUMMARY}\n\n`,
    row('latticra rehearse', 'a whole release, on the boot seed or a Linux system, each step proved'),
    row('latticra inspect FILE', 'what a file is, by its content'),
    row('latticra status FOLDER', 'what there is of a release, what is missing, and the next command'),
    row('latticra verify FOLDER', "whether every file of an operator's bundle is as it was made"),
    row('latticra doctor', 'what this machine can do, and what to install for more'),
    row('latticra lanes', `all ${LANES.length} lanes, each one command with one job`),
    '\nlatticra help COMMAND tells how one is used, and latticra --help lists the commands.\n',
  ].join('');
}

/** Formats the text of `latticra --help`. */
export function formatFullHelp(): string {
  const own = [
    ...COMMANDS,
    { name: 'help', summary: 'tell how a command is used; with --man as a manual page' },
    { name: 'version', summary: 'print the version' },
  ];
  const width = Math.max(...own.map(({ name }) => name.length)) + 2;
  return `\
latticra: ${SUMMARY}

Usage: latticra <command> [flags]

Commands:
${own.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}\n`).join('')}
Lanes: ${LANES.length} more commands, each with one job, such as latticra inspect and latticra seal.
       latticra lanes lists them with what they are for. Each is also a command of its own, by its
       long name, such as latticra-os-image-inspect.

Each command tells more with --help. Begin with: latticra rehearse.

Exit: 0 done, 64 usage, and what latticra help <command> says.
`;
}
