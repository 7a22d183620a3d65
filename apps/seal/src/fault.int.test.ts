// SPDX-License-Identifier: Apache-2.0
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEAL_FILES } from '@latticra/seal-integrity';
import { describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { type Control, playControl } from '../test/control.js';
import { casesOf, FAULTS, isDispensable, isLeaving } from '../test/faults.js';
import { runWith } from '../test/inject.js';
import { ANCHORINGS, type State, testScene } from '../test/scene.js';
import { behindWrites, FULL_SWEEP, lastOfEachKind, type Step, sampleOf } from '../test/steps.js';
import type { Ended } from '../test/strace.js';

const scene = testScene();

/** The commands that do something, each with the state of its project. The first does nearly everything. */
const COMMANDS: readonly (readonly [command: string, state: State])[] = [
  ['baseline', 'used'],
  ['check', 'new'],
  ['verify', 'sealed'],
  ['init', 'bare'],
  ['manifest', 'used'],
  ['report', 'used'],
  ['hashes', 'used'],
];
/** Returns whether a command leaves artifacts; `isReader` whether it only prints. */
const isRun = (command: string) => ['baseline', 'check', 'verify'].includes(command);
const isReader = (command: string) => ['manifest', 'report', 'hashes'].includes(command);

/** Expects an end with FAIL or exit 2, and the reason in one line for each failure, or one on stderr. */
function expectTold({ status, signal, stdout, stderr }: Ended, reason: RegExp, where: string) {
  expect({ status, signal }, `${where}: ${stdout}${stderr}`).toEqual({
    status: expect.toBeOneOf([1, 2]),
    signal: null,
  });
  expect(stdout, where).not.toContain('STATUS: PASS');
  expect(stderr === '' ? stdout : stderr, where).toMatch(reason);
  expect(stderr, where).toMatch(/^([^\n]+\n)?$/);
}

/**
 * Expects that nothing is left that says the run passed; of an earlier run only what it did not come to, or could not
 * remove.
 */
function expectTakenBack({ before, leftovers, steps }: Control, step: Step, where: string) {
  const { hashList, report } = scene.artifacts();
  const isEarly = steps.indexOf(step) <= steps.findIndex(({ kind }) => kind === 'remove');
  expect(hashList, where).toBe(isEarly ? before.hashList : undefined);
  if (report !== undefined && report !== before.report) expect(report, where).toContain('status=FAIL');
  expect(leftovers, where).toEqual(expect.arrayContaining([...scene.leftovers()]));
}

describe.each(ANCHORINGS)('calls that fail, with folders held by %s', (anchoring) => {
  for (const [index, [command, state]] of COMMANDS.entries()) {
    // Every day each of the others is tried with one way of holding folders, and fewer places with the second one.
    const isMain = command === 'baseline';
    if (!FULL_SWEEP && !isMain && ANCHORINGS[index % 2] !== anchoring) continue;
    const choose = (steps: readonly Step[]) =>
      isMain && (FULL_SWEEP || anchoring === ANCHORINGS[0])
        ? [...new Set([...sampleOf(steps), ...behindWrites(steps)])]
        : lastOfEachKind(steps).filter((_, at) => FULL_SWEEP || isMain || at % 2 === 1);

    itWith(
      ['strace'],
      `a call that fails at any step of ${command} ends it with the reason, and nothing that passes`,
      () => {
        const control = playControl(scene, anchoring, command, state);
        const { before, after, steps } = control;
        const cases = [...casesOf(choose(steps))];
        for (const { step, fault, reason } of cases) {
          const where = `${anchoring} ${command}, ${fault.effect} at ${step.text} (${step.nth})`;
          const ended = control.disturb(step, fault);
          const found = scene.artifacts();
          if (isDispensable(steps, step)) {
            const report = after.report?.replace(
              /^(path_anchoring)=procfs$/m,
              step.kind === 'close' ? '$&' : '$1=cwd',
            );
            expect(ended, where).toEqual(control.ended);
            expect(found, where).toEqual(isReader(command) ? after : { ...after, report });
            continue;
          }
          expectTold(ended, reason, where);
          if (isReader(command)) expect(ended.stdout, where).toBe('');
          expect([before.lock, after.lock], where).toContain(found.lock);
          expect([before.manifest, after.manifest], where).toContain(found.manifest);
          // What can no longer be gone to cannot be cleared up.
          const isCutOff = step.kind === 'go to' && fault.times !== 1;
          if (isRun(command) && !isCutOff && !isLeaving(steps, step)) expectTakenBack(control, step, where);
        }
        if (FULL_SWEEP)
          process.stdout.write(`${anchoring} ${command}: ${cases.length} faults at ${steps.length} steps\n`);
        expect(cases.length).toBeGreaterThan(1);
      },
      FULL_SWEEP ? 3_600_000 : 120_000,
    );

    if (!FULL_SWEEP && !isMain) continue;
    itWith(
      ['strace'],
      `a call that a signal interrupts at any step of ${command} is made again`,
      () => {
        const { after, ended, steps, interrupt } = playControl(scene, anchoring, command, state);
        for (let left = lastOfEachKind(steps); left.length > 0; ) {
          // Those of one name would come to each other's places.
          const once = left.filter(({ call }, at) => left.findIndex((other) => other.call === call) === at);
          const where = `${anchoring} ${command}, interrupted at ${once.map(({ text }) => text).join(', ')}`;
          expect(interrupt(once), where).toEqual(ended);
          expect(scene.artifacts(), where).toEqual(after);
          left = left.filter((step) => !once.includes(step));
        }
      },
      FULL_SWEEP ? 3_600_000 : 120_000,
    );
  }

  itWith(['strace'], 'an artifact that ends early while it is read is not read over until it fits', () => {
    for (const [command, state, text] of [
      ['baseline', 'used', 'pread64 ./reports/latticra-seal-cli-hashes.txt'],
      ['verify', 'sealed', 'pread64 ./latticra.seal.lock'],
      ['hashes', 'used', 'pread64 ./reports/latticra-seal-cli-hashes.txt'],
    ] as const) {
      const { steps, disturb } = playControl(scene, anchoring, command, state);
      for (const step of steps.filter((found) => found.text === text).slice(0, 1)) {
        expectTold(disturb(step, { effect: 'retval=0' }), /ended after 0 bytes/, `${anchoring} ${command}`);
      }
      expect(steps.map((step) => step.text)).toContain(text);
    }
  });

  itWith(['gcc'], 'a call that reads or writes too little at a time is made up for', () => {
    for (const command of ['baseline', 'verify']) {
      const state = command === 'verify' ? 'sealed' : 'used';
      scene.lay(state);
      const whole = scene.run(anchoring, [command]);
      const after = scene.artifacts();
      expect(whole.status, command).toBe(0);
      scene.lay(state);
      expect(scene.run(anchoring, [command], scene.short()), command).toEqual(whole);
      expect(scene.artifacts(), command).toEqual(after);
    }
  });
});

describe('a call that fails in the middle of a file that two threads read', () => {
  for (const [fault, reason] of FAULTS.read) {
    itWith(
      ['strace'],
      `a read with ${fault.effect} in a file that two threads read ends the run with the reason`,
      () => {
        scene.lay('new');
        const path = join(scene.project, 'huge');
        writeFileSync(path, '');
        truncateSync(path, 70 << 20);
        const traced = { ...scene.traced('procfs', ['check']), only: path };
        const { ended } = runWith('pread64', 3, fault, traced);
        expect(ended.status).toBe(1);
        expect(ended.stdout).toMatch(/^FAIL: huge: /m);
        expect(ended.stdout).toMatch(reason);
        expect(scene.artifacts().hashList).toBeUndefined();
        expect(scene.artifacts().report).toContain('status=FAIL');
        expect(scene.artifacts().report).not.toContain(SEAL_FILES.hashList);
      },
    );
  }
});
