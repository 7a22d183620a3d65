// SPDX-License-Identifier: Apache-2.0
import { VmRunError } from '../error.js';
import type { BootEnd, PhaseTimes } from '../observation.js';
import type { SerialText } from '../serial.js';
import { startGroup } from './child.js';
import { createPhaseClock } from './clock.js';
import { dumpScreen, type RunningMachine, startMachine, within } from './machine.js';
import { createMonitor, type Monitor } from './monitor.js';
import { endOf, firstStop, GRACE_MS, type Stop, type StopConditions } from './stop.js';

/** One QEMU process to run, whose arguments give it QMP on descriptor 3. */
export interface QemuRunRequest extends Omit<StopConditions, 'onSerial'> {
  readonly program: string;
  readonly argv: readonly string[];
  /** A private folder, which is the child's current folder. */
  readonly folder: string;
  /** The descriptor for what QEMU itself prints. */
  readonly output: number;
  /** The size at which the kernel stops any file that QEMU writes. */
  readonly maxFileBytes: number;
  /** The path of the screenshot, if there is one. */
  readonly screenshotPath: string;
}

/** The result of a run. */
export interface QemuRun {
  readonly end: BootEnd;
  readonly durationMs: number;
  /** Returns when each part of the boot began, given what the whole log shows. */
  readonly phases: (log: SerialText) => PhaseTimes;
  /** The machine that ran; undefined when QEMU ended, or was ended, before it did. */
  readonly machine: RunningMachine | undefined;
  readonly screenshot: boolean;
}

/** The time that QEMU gets to draw its screen, and to quit, in milliseconds; never more than the guest. */
const MONITOR_TIMEOUT_MS = 5000;

/**
 * Runs QEMU until its guest ends it, or until the line that is waited for, the time limit, the size limit of the log
 * or an interrupt ends it. Nothing is left running afterwards.
 * @throws VmRunError `emulator-missing`, `emulator-failed`, `interrupted`
 */
export async function runQemu(request: QemuRunRequest): Promise<QemuRun> {
  const started = performance.now();
  const monitorTimeoutMs = Math.min(MONITOR_TIMEOUT_MS, request.timeoutMs);
  const child = await startGroup(request.program, request.argv, request);
  const monitor = createMonitor(child.socket);
  const starting = startMachine(monitor);
  let machine: RunningMachine | undefined;
  const settled = starting.then(
    (running) => {
      machine = running;
    },
    () => {}, // how it ended says more
  );
  const clock = createPhaseClock();
  const elapsed = () => Math.round(performance.now() - started);
  const conditions = { ...request, onSerial: (log: SerialText) => clock.see(log, elapsed()) };
  const { stop, release } = firstStop(conditions, child, monitor, starting);
  try {
    const reason = await stop;
    const endMs = elapsed();
    if (reason.kind === 'interrupted') throw new VmRunError('interrupted', 'the boot was interrupted');
    if (reason.kind === 'refused') throw reason.error;
    const hasScreen = machine !== undefined || reason.kind !== 'timeout';
    const screenshot =
      hasScreen && (await takeScreenshot(monitor, reason, request.screenshotPath, monitorTimeoutMs));
    if (reason.kind === 'shutdown') {
      monitor.execute('quit').catch(() => {});
      await within(monitorTimeoutMs, child.exited);
    }
    await child.stop(GRACE_MS);
    const durationMs = elapsed();
    const end = await endOf(reason, conditions, child);
    await settled;
    const phases = (log: SerialText) => clock.times(log, endMs);
    return { end, durationMs, phases, machine, screenshot };
  } finally {
    release();
    await child.stop(GRACE_MS);
  }
}

/**
 * Writes the screen of a paused or running machine to `path`; returns whether there is one. isa-debug-exit takes the
 * screen away with it (QEMU before 8.2).
 */
async function takeScreenshot(monitor: Monitor, { kind }: Stop, path: string, ms: number): Promise<boolean> {
  if (kind !== 'shutdown' && kind !== 'timeout' && kind !== 'line') return false;
  // What was on it at that line: the guest shall not go on meanwhile.
  if (kind === 'line') monitor.execute('stop').catch(() => {});
  return dumpScreen(monitor, path, ms);
}
