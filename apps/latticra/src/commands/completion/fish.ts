// SPDX-License-Identifier: Apache-2.0
import type { CommandWords, FlagWord } from './words.js';

/** Formats the script that fish sources: one line for each word and flag, under the words that it may follow. */
export function formatFish(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((command) => {
    const [bin = '', ...fixed] = command.words;
    const when = `-n ${quote(`__latticra_follows ${fixed.join(' ')}`.trim())}`;
    const first = `-n ${quote(`__latticra_is ${fixed.join(' ')}`.trim())}`;
    return [
      ...command.next.map(
        ({ word, summary }) => `complete -c ${bin} -f ${first} -a ${word} -d ${quote(summary)}\n`,
      ),
      ...command.flags.map((flag) => `complete -c ${bin} ${when} ${flagOptions(flag)}\n`),
      ...(command.takesPath ? [`complete -c ${bin} ${when} -F\n`] : []),
    ];
  });
  const bins = [...new Set(commands.map(({ words }) => words[0]))];
  return `\
# fish completion of latticra, made of the definitions of its flags: latticra completion fish | source
function __latticra_follows -d 'The command line begins with these words'
  set -l typed (commandline -opc)
  test (count $typed) -gt (count $argv); or return 1
  test (count $argv) -eq 0; and return 0
  # fish 3.6 takes no command substitution in an index within quotes.
  set -l last (math (count $argv) + 1)
  test "$typed[2..$last]" = "$argv"
end
function __latticra_is -d 'The command line is these words'
  set -l typed (commandline -opc)
  # Not $typed[2..-1]: of a list of one, that is the one, counted backwards.
  set -e typed[1]
  test "$typed" = "$argv"
end
${bins.map((bin) => `complete -c ${bin} -f\n`).join('')}${lines.join('')}`;
}

function flagOptions({ name, help, takes }: FlagWord): string {
  const about = `-l ${name.slice(2)} -d ${quote(help)}`;
  if (takes === 'nothing') return about;
  if (takes === 'path') return `${about} -r -F`;
  return takes === 'text' ? `${about} -x` : `${about} -x -a ${quote(takes.join(' '))}`;
}

const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
