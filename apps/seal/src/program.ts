// SPDX-License-Identifier: Apache-2.0
import { defineLane, formatProgramHelp, type Program } from '@latticra/lane';
import { version } from '../package.json';
import { exits } from './exits.js';
import { initLane } from './init-lane.js';
import { manifestLane } from './manifest-lane.js';
import { sealLane } from './seal-lane.js';
import { streamLane } from './stream-lane.js';

/** Makes the command. @param helperScript a script that can be started as a second thread; see `SealOptions` */
export function createProgram(helperScript?: string): Program {
  const program: Program = {
    bin: 'latticra-seal',
    version,
    summary: 'check that a project is what its manifest and its baseline say',
    details: `
Begin with: latticra-seal init, then check, then baseline; from then on verify. Run it in the project's root, or
name that with --root.`,
    exits,
    lanes: {
      check: sealLane('check', helperScript),
      manifest: manifestLane,
      baseline: sealLane('baseline', helperScript),
      verify: sealLane('verify', helperScript),
      report: streamLane('report'),
      hashes: streamLane('hashList'),
      init: initLane,
      version: wordLane('version', 'print the version', () => `latticra-seal ${version}\n`),
      help: wordLane('help', 'print this text', () => formatProgramHelp(program)),
    },
  };
  return program;
}

/** Makes a command that only says something. */
function wordLane(word: string, summary: string, text: () => string) {
  return defineLane({
    bin: `latticra-seal ${word}`,
    version,
    summary,
    details: 'Reads nothing and writes nothing.',
    examples: [''],
    exits,
    flags: {},
    run: async () => ({ text: text(), json: `${JSON.stringify({ [word]: text().trimEnd() })}\n` }),
  });
}
