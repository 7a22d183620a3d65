// SPDX-License-Identifier: Apache-2.0
import { allBins, type CommandWords, type FlagWord } from './words.js';

/** Formats the script that zsh has as the function `_latticra`: words with what they are for, flags with their values. */
export function formatZsh(commands: readonly CommandWords[]): string {
  const cases = commands.map((command) => {
    const next = command.next.map(({ word, summary }) => describe(word, summary));
    const specs = command.flags.map((flag) => quote(argument(flag)));
    const path = command.takesPath ? [quote('1: :_files')] : [];
    return `    ${quote(command.words.join(' '))})
      next=(${next.join(' ')})
      specs=(${[...specs, ...path].join(' ')}) ;;
`;
  });
  return `\
#compdef ${allBins().join(' ')}
# zsh completion of latticra, made of the definitions of its flags: latticra completion zsh > "\${fpath[1]}/_latticra"
_latticra_words() {
  case "$1" in
${cases.join('')}    *) return 1 ;;
  esac
}
_latticra() {
  local head=\${words[1]:t} index
  local -a next specs
  _latticra_words "$head" || return 1
  for ((index = 2; index < CURRENT; index++)); do
    if _latticra_words "$head \${words[index]}"; then head="$head \${words[index]}"; else break; fi
  done
  _latticra_words "$head"
  if (( index == CURRENT && $#next > 0 )) && [[ $PREFIX != -* ]]; then
    _describe 'command' next
  else
    words=("$head" "\${(@)words[index,-1]}")
    (( CURRENT -= index - 2 ))
    _arguments $specs
  fi
}
if [[ $funcstack[1] == _latticra ]]; then _latticra "$@"; else compdef _latticra ${allBins().join(' ')}; fi
`;
}

/** Writes a flag as _arguments wants it. */
function argument({ name, help, takes, repeats }: FlagWord): string {
  const about = `${name}[${help.replaceAll('\\', '\\\\').replaceAll(/([[\]:])/g, '\\$1')}]`;
  if (takes === 'nothing') return about;
  // The sign allows --flag=value as well, the star a flag that is given again.
  const spec = `${repeats ? '*' : ''}${about.replace('[', '=[')}`;
  if (takes === 'path') return `${spec}: :_files`;
  return takes === 'text' ? `${spec}: : ` : `${spec}: :(${takes.join(' ')})`;
}

const describe = (word: string, summary: string) => quote(`${word}:${summary.replaceAll(':', '\\:')}`);
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
