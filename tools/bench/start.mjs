// SPDX-License-Identifier: Apache-2.0
/**
 * The rows of start-up: what a command costs that answers at once, beside `node -e 0`, by every Node that was named. Counted are the
 * seconds that processors were busy, in batches, since what else a machine does changes those far less than the seconds from start to end.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './compare.mjs';

/** GNU time tells hundredths of a second: so many runs together tell milliseconds of one. */
const BATCH = 10;
const LOOP = `i=0; while [ $i -lt ${BATCH} ]; do "$@" > run.out 2>&1 || exit; i=$((i+1)); done`;

const USB = ['--iso', 'missing.iso', '--device', '/dev/sdX', '--platform', 'linux'];
const LANES = [
  ['os-image-release-preflight'],
  ['os-image-artifact-manifest-template'],
  ['os-image-artifact-manifest-validate'],
  ['seabios-grub-boot-preview-evidence-validate'],
  ['os-image-usb-write-command', ...USB],
  ['os-image-vm-test-command', '--image', 'missing.qcow2', '--format', 'qcow2'],
  ['seabios-grub-boot-preview-preflight'],
  ['seal-policy-decision-report'],
];
const OF_LATTICRA = [['release-preflight'], ['usb-write-command', ...USB], ['inspect', '--version']];

/** What was wanted of a lane, by Node's major version. */
const LANE_GOAL = { 20: 'at most 1.10', 22: 'at most 1.20', 24: 'at most 1.20' };

/** Adds the rows of each Node. @param nodes the paths of their programs */
export function startRows({ add, app, folder, runs, nodes }) {
  for (const node of nodes) {
    const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
    const commands = [
      ...LANES.map((words) => [words[0], words, LANE_GOAL[version.split('.')[0]] ?? 'none']),
      ['boot-seed-qemu-smoke --help', ['boot-seed-qemu-smoke', '--help'], 'at most 1.15'],
      ...[[], ['--help'], ['version']].map((words) => [
        ['latticra', ...words].join(' '),
        ['latticra', ...words],
        'at most 1.15',
      ]),
      ...OF_LATTICRA.map((words) => [`latticra ${words[0]}`, ['latticra', ...words], 'at most 1.3']),
    ].map(([what, [name, ...words], goal]) => {
      const [, ...argv] = app(name, ...words).argv;
      return { what, argv: [node, ...argv], goal, seconds: [] };
    });
    const nothing = { argv: [node, '-e', '0'], seconds: [] };
    // All of them in turn, so that a busy minute is everybody's.
    for (let round = 0; round < runs; round++) {
      for (const each of [nothing, ...commands]) each.seconds.push(work(each.argv, folder));
    }
    for (const { what, goal, seconds } of commands) {
      const ratios = seconds.map((value, round) => value / nothing.seconds[round]);
      const least = Math.min(...seconds) / Math.min(...nothing.seconds);
      const ratio = `${median(ratios).toFixed(2)}, ${least.toFixed(2)}`;
      const ms = (values) => `${(1000 * median(values)).toFixed(1)} ms`;
      add(`\`${what}\``, version, ms(seconds), ms(nothing.seconds), ratio, goal);
    }
  }
}

/** Returns the seconds that one run keeps processors busy, its threads counted. Throws where a run fails. */
function work(argv, cwd) {
  const log = join(cwd, 'work.txt');
  const timed = ['-f', '%U %S', '-o', log, 'sh', '-c', LOOP, 'sh', ...argv];
  const { status, error } = spawnSync('/usr/bin/time', timed, { cwd, stdio: 'ignore' });
  if (error !== undefined || status !== 0) throw error ?? new Error(`${argv.join(' ')} ended with ${status}`);
  const [user, system] = readFileSync(log, 'utf8').trim().split(' ').map(Number);
  return (user + system) / BATCH;
}
