// SPDX-License-Identifier: Apache-2.0
import { documentToJson } from '@latticra/evidence-format';
import { defineLane } from '@latticra/lane';
import { type SealCommand, seal } from '@latticra/seal-integrity';
import { version } from '../package.json';
import { EXIT, exits } from './exits.js';
import { ID_FLAG, ROOT_FLAG, rootOf } from './flags.js';

/** The commands of this lane: `smoke` is a lane of its own. */
export type Command = Exclude<SealCommand, 'smoke'>;

const TEXT: Record<Command, { readonly summary: string; readonly details: string }> = {
  check: {
    summary: 'check the project against its latticra.seal',
    details: `
Reads every file in the scope once, for its digest and for what no file may hold, and writes the report and,
where nothing failed, the hash list to reports/. PASS says that what was found is what the manifest wants. It
does not say that the machine is secure.`,
  },
  baseline: {
    summary: 'check, and keep the hash list as latticra.seal.lock',
    details: `
Does what check does. Where that passes, the lockfile becomes an exact copy of the hash list that was written.`,
  },
  verify: {
    summary: 'check, and compare with latticra.seal.lock',
    details: `
Does what check does, and names every file that was added, modified or removed since the baseline: one is enough
to fail.`,
  },
};

/** Makes the lane of `check`, `baseline` or `verify`. @param helperScript see `SealOptions` */
export function sealLane(command: Command, helperScript: string | undefined) {
  return defineLane({
    bin: `latticra-seal ${command}`,
    version,
    ...TEXT[command],
    examples: ['', '--root ../project --expect-id project', '--json'],
    exits,
    flags: { ...ROOT_FLAG, ...ID_FLAG },
    async run({ flags, cwd, progress, signal }) {
      const { status, document, lines } = await progress.track(
        'reading',
        (advance) =>
          seal({
            command,
            root: rootOf({ flags, cwd }),
            expectId: flags['expect-id'],
            helperScript,
            // Nothing else is under way in this process, and the thread beside it takes no relative path.
            mayChangeDirectory: true,
            onBytes: advance,
            onFiles: (files) => advance(0, files),
            signal,
          }),
        undefined,
      );
      return {
        text: `${lines.join('\n')}\n`,
        json: documentToJson(document),
        status: status === 'PASS' ? EXIT.pass : EXIT.fail,
      };
    },
  });
}
