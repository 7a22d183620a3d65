// SPDX-License-Identifier: Apache-2.0
import { allBins, type CommandWords } from './words.js';

/**
 * Formats the script that bash sources, from 3.2 on: one function that looks up what may follow the words so far. Nothing of
 * what is typed is evaluated.
 */
export function formatBash(commands: readonly CommandWords[]): string {
  const lines = new Map<string, string[]>();
  for (const command of commands) {
    const line = `next='${words(command)}' flags='${flags(command)}' paths=${Number(command.takesPath)}`;
    lines.set(line, [...(lines.get(line) ?? []), `'${command.words.join(' ')}'`]);
  }
  const cases = [...lines].map(([line, keys]) => `    ${keys.join('|')}) ${line} ;;\n`);
  const values = new Map<string, string[]>();
  for (const { words: head, flags: specs } of commands) {
    for (const { name, takes } of specs) {
      if (takes === 'nothing') continue;
      const value = typeof takes === 'string' ? `@${takes}` : takes.join(' ');
      values.set(value, [...(values.get(value) ?? []), `'${[...head, name].join(' ')}'`]);
    }
  }
  const followed = [...values].map(([value, keys]) => `    ${keys.join('|')}) value='${value}' ;;\n`);
  return `\
# bash completion of latticra, made of the definitions of its flags: source <(latticra completion bash)
_latticra_words() {
  case "$1" in
${cases.join('')}    *) return 1 ;;
  esac
}
_latticra_value() {
  case "$1" in
${followed.join('')}    *) return 1 ;;
  esac
}
_latticra() {
  local cur prev head next flags paths value word index
  COMPREPLY=()
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  head=\${COMP_WORDS[0]##*/}
  _latticra_words "$head" || return 0
  # As many words as choose a command; the flags begin behind them.
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if _latticra_words "$head $word"; then head="$head $word"; else break; fi
  done
  _latticra_words "$head"
  # Behind a word that is none of those nothing else chooses a command.
  if ((index < COMP_CWORD)); then next=''; fi
  # Readline takes --flag=value apart at the sign.
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if _latticra_value "$head $prev"; then
    case "$value" in
      @path) compopt -o filenames 2>/dev/null; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur") ;;
      @text) ;;
      *) COMPREPLY=($(compgen -W "$value" -- "$cur")) ;;
    esac
    return 0
  fi
  if [[ $cur == -* || ( -z $next && $paths == 0 ) ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  elif [[ $paths == 1 ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
  else
    COMPREPLY=($(compgen -W "$next" -- "$cur"))
  fi
}
complete -F _latticra ${allBins().join(' ')}
`;
}

const words = ({ next }: CommandWords) => next.map(({ word }) => word).join(' ');
const flags = (command: CommandWords) => command.flags.map(({ name }) => name).join(' ');
