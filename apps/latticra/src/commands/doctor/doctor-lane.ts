// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { version } from '../../../package.json';
import { formatColumns } from '../../columns.js';
import { type Ability, surveyAbilities } from './abilities.js';

export const lane = defineLane({
  bin: 'latticra doctor',
  version,
  summary: 'say what this machine can do, and what to install for more',
  details: `
Looks along PATH, for firmware where QEMU would, and at /dev/kvm, and says what there is enough for. Runs no program, installs
nothing, writes nothing. What is missing keeps nothing else from working, and is no error.`,
  examples: ['', '--json'],
  flags: {},
  async run({ env }) {
    const abilities = surveyAbilities({ env });
    return { text: formatAbilities(abilities), json: `${JSON.stringify(abilities, null, 2)}\n` };
  },
});

/** Formats a table of what can be done, and one command for all that can be installed. */
export function formatAbilities(abilities: readonly Ability[]): string {
  const table = formatColumns(abilities.map(({ what, can, how }) => [can ? 'yes' : 'no', what, how]));
  const packages = abilities.flatMap(({ install }) => install);
  const debian = unique(packages.map((names) => names.debian));
  if (debian.length === 0) return table;
  const homebrew = unique(packages.flatMap((names) => names.homebrew ?? []));
  const other = homebrew.length === 0 ? '' : `\n  brew install ${homebrew.join(' ')}`;
  return `${table}\nFor more:\n  apt install ${debian.join(' ')}${other}\n`;
}

const unique = (names: readonly string[]) => [...new Set(names)];
