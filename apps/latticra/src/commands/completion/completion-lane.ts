// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { version } from '../../../package.json';
import type { CommandEntry } from '../../lanes/entry.js';
import { formatBash } from './bash.js';
import { formatFish } from './fish.js';
import { allCommandWords } from './words.js';
import { formatZsh } from './zsh.js';

const FORMAT = { bash: formatBash, zsh: formatZsh, fish: formatFish };

/** Makes the lane. @param commands those of `latticra` itself, this one among them */
export const completionLane = (commands: readonly CommandEntry[]) =>
  defineLane({
    bin: 'latticra completion',
    version,
    summary: 'print what makes a shell complete commands, flags and their values',
    details: `
Prints a script for the shell, made of the definitions of all commands and flags. For bash, put this into ~/.bashrc:
source <(latticra completion bash). For zsh, write it as _latticra into a folder of $fpath. For fish, write it to
~/.config/fish/completions/latticra.fish.`,
    examples: ['bash', 'zsh > _latticra', 'fish > latticra.fish'],
    flags: {
      shell: {
        value: 'choice',
        choices: ['bash', 'zsh', 'fish'],
        required: true,
        operand: true,
        help: 'the shell that is to complete',
      },
    },
    async run({ flags }) {
      const text = FORMAT[flags.shell](await allCommandWords(commands));
      return { text, json: `${JSON.stringify({ shell: flags.shell, script: text })}\n` };
    },
  });
