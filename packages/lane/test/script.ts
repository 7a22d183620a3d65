// SPDX-License-Identifier: Apache-2.0
/** A lane as a real process, for what only a process has: signals, descriptors, an exit status. */
import { writeFileAtomic } from '@latticra/held-files';
import { runLane } from '../src/index.js';
import { testLane } from './lane.js';

const FLAGS = {
  work: {
    value: 'choice',
    choices: ['answer', 'write', 'wait', 'stubborn'],
    required: true,
    help: 'what to do',
  },
  lines: { value: 'integer', min: 1, max: 30_000, default: 1, help: 'how long the answer is' },
  output: { value: 'path', default: 'output', help: 'what to write' },
} as const;

/** Says that the work has begun; the test waits for it. */
const begun = () => process.stderr.write('begun\n');

const lane = testLane(FLAGS, async ({ flags, signal }) => {
  const ended = new Promise<void>((resolve) => {
    if (flags.work === 'wait' || flags.work === 'stubborn') signal.addEventListener('abort', () => resolve());
  });
  if (flags.work === 'write') {
    const endless = function* () {
      begun();
      for (;;) yield { hole: 1 << 20 };
    };
    await writeFileAtomic(flags.output, endless());
  }
  if (flags.work === 'wait') {
    const alive = setInterval(() => undefined, 1000);
    begun();
    await ended;
    clearInterval(alive);
    // As a lane does that had to stop a child first.
    signal.throwIfAborted();
  }
  if (flags.work === 'stubborn') {
    setInterval(() => undefined, 1000);
    begun();
    await ended;
    process.stderr.write('stopping\n');
    await new Promise(() => undefined);
  }
  return {
    title: 'ANSWER',
    fields: Array.from({ length: flags.lines }, (_, index) => ({
      key: `line_${index}`,
      value: 'x'.repeat(100),
    })),
    sections: [],
  };
});

process.exit(await runLane(lane));
