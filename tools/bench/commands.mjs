// SPDX-License-Identifier: Apache-2.0
/** The commands whose start is measured: each says so much at once, and changes nothing. */

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

/** GNU time tells hundredths of a second: so many runs together tell milliseconds of one. */
export const BATCH = 20;

/** Makes of a command one that runs it so many times, and ends where it fails. */
export function batchOf(argv) {
  const loop = `i=0; while [ $i -lt ${BATCH} ]; do "$@" > run.out 2>&1 || exit; i=$((i+1)); done`;
  return ['sh', '-c', loop, 'sh', ...argv];
}

/** Lists what is measured: how it is called in a table, the app with its arguments, and the goal on a version of Node. */
export function startCommands(version) {
  return [
    ...LANES.map((words) => [words[0], words, LANE_GOAL[version.split('.')[0]] ?? 'none']),
    ['boot-seed-qemu-smoke --help', ['boot-seed-qemu-smoke', '--help'], 'at most 1.15'],
    ...[[], ['--help'], ['version']].map((words) => [
      ['latticra', ...words].join(' '),
      ['latticra', ...words],
      'at most 1.15',
    ]),
    ...OF_LATTICRA.map((words) => [`latticra ${words[0]}`, ['latticra', ...words], 'at most 1.3']),
  ].map(([what, words, goal]) => ({ what, words, goal }));
}
