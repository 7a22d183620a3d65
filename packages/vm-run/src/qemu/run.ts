// SPDX-License-Identifier: Apache-2.0
import { VmRunError } from '../error.js';
import type { BootEnd } from '../observation.js';
import { type ChildGroup, startGroup } from './child.js';
import { dumpScreen, type RunningMachine, startMachine } from './machine.js';
import { createMonitor, type Monitor } from './monitor.js';
import { type BoundedFile, watchSizes } from './watch.js';

/** One QEMU process to run, whose arguments give it QMP on descriptor 3. */
export interface QemuRunRequest {
  readonly program: string;
  readonly argv: readonly string[];
  /** Private folder: the child's current one. */
  readonly folder: string;
  /** Descriptor for what QEMU itself prints. */
  readonly output: number;
  /** Where a screenshot goes, if there is one. */
  readonly screenshotPath: string;
  readonly bounded: readonly BoundedFile[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What came of it. */
export interface QemuRun {
  readonly end: BootEnd;
  readonly durationMs: number;
  /** Undefined when QEMU ended, or was ended, before its machine ran. */
  readonly machine: RunningMachine | undefined;
  readonly screenshot: boolean;
}

/** How long a child gets to follow SIGTERM, and QEMU to draw its screen. */
const GRACE_MS = 1000;

type Stop =
  | { readonly kind: 'exited' | 'timeout' | 'interrupted' }
  | { readonly kind: 'shutdown'; readonly reason: string }
  | { readonly kind: 'flood'; readonly file: BoundedFile };

/** The first thing that ends the run, and what takes all the listeners off again. */
function firstStop(request: QemuRunRequest, child: ChildGroup, monitor: Monitor) {
  let release = () => {};
  const stop = new Promise<Stop>((resolve, reject) => {
    const interrupt = () => resolve({ kind: 'interrupted' });
    const timer = setTimeout(resolve, request.timeoutMs, { kind: 'timeout' } satisfies Stop);
    const unwatch = watchSizes(request.bounded, (file) => resolve({ kind: 'flood', file }));
    child.exited.then(() => resolve({ kind: 'exited' }), reject);
    monitor.onShutdown((reason) => resolve({ kind: 'shutdown', reason }));
    request.signal?.addEventListener('abort', interrupt);
    if (request.signal?.aborted) interrupt();
    release = () => {
      clearTimeout(timer);
      unwatch();
      request.signal?.removeEventListener('abort', interrupt);
    };
  });
  return { stop, release: () => release() };
}

/**
 * Runs QEMU until its guest ends it, or until the time, the log or the caller's patience runs out. Whatever
 * happens, nothing of it is left running afterwards.
 * @throws VmRunError `emulator-missing`, `interrupted`
 */
export async function runQemu(request: QemuRunRequest): Promise<QemuRun> {
  const started = performance.now();
  const child = startGroup(request.program, request.argv, { cwd: request.folder, output: request.output });
  const monitor = createMonitor(child.socket);
  const { stop, release } = firstStop(request, child, monitor);
  let machine: RunningMachine | undefined;
  const starting = startMachine(monitor).then(
    (running) => {
      machine = running;
    },
    () => {}, // how it ended says more
  );
  try {
    const reason = await stop;
    if (reason.kind === 'interrupted') throw new VmRunError('interrupted', 'the boot was interrupted');
    // isa-debug-exit takes the screen away with it (QEMU before 8.2); a paused or running machine still has one.
    const screenshot =
      machine !== undefined &&
      (reason.kind === 'shutdown' || reason.kind === 'timeout') &&
      (await dumpScreen(monitor, request.screenshotPath, GRACE_MS));
    if (reason.kind === 'shutdown') {
      await Promise.race([monitor.execute('quit').catch(() => {}), child.exited]);
      await settled(child.exited, GRACE_MS);
    } else {
      await child.stop(GRACE_MS);
    }
    const durationMs = Math.round(performance.now() - started);
    const end = await endOf(reason, request, child);
    await starting;
    return { end, durationMs, machine, screenshot };
  } finally {
    release();
    await child.stop(GRACE_MS);
  }
}

/** Waits for a promise, but not for ever. */
async function settled(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}

async function endOf(reason: Stop, request: QemuRunRequest, child: ChildGroup): Promise<BootEnd> {
  if (reason.kind === 'timeout') return { kind: 'timeout', timeoutMs: request.timeoutMs };
  if (reason.kind === 'flood') return { kind: 'flood', limitBytes: reason.file.maxBytes };
  await child.stop(GRACE_MS);
  const exit = await child.exited;
  if ('signal' in exit) return { kind: 'signal', signal: exit.signal };
  const shutdown = reason.kind === 'shutdown' ? { shutdown: reason.reason } : {};
  return { kind: 'exit', code: exit.code, ...shutdown };
}
