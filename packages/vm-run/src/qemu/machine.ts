// SPDX-License-Identifier: Apache-2.0
import { VmRunError } from '../error.js';
import { asObject, MONITOR_FIX, type Monitor } from './monitor.js';

/** The machine that a QEMU says it runs, asked while it was paused. */
export interface RunningMachine {
  /** `7.2.22 (Debian 1:7.2+dfsg-7)`: version, and the packager's where there is one. */
  readonly version: string;
  /** The machine type with its version, such as `pc-i440fx-7.2`. */
  readonly machine: string;
  readonly accelerator: 'tcg' | 'kvm';
}

/**
 * Asks a paused machine what it is and lets it run. The answers are of the process that boots the image, and cost
 * neither a second process nor a wait, for QEMU reads the commands in order from one piece of text.
 * @throws VmRunError `emulator-failed` when QEMU refuses, or answers something else
 */
export async function startMachine(monitor: Monitor): Promise<RunningMachine> {
  const answers = Promise.all([
    monitor.execute('qmp_capabilities'),
    monitor.execute('query-version'),
    monitor.execute('qom-get', { path: '/machine', property: 'type' }),
    monitor.execute('query-kvm'),
  ]);
  // Not waited for: a guest that ends at once may overtake the answer.
  monitor.execute('cont').catch(() => {});
  const [, versions, type, kvm] = await answers;
  const { major, minor, micro } = asObject(asObject(versions).qemu);
  const packaged = asObject(versions).package ?? '';
  const { enabled } = asObject(kvm);
  if (
    ![major, minor, micro].every(Number.isInteger) ||
    typeof packaged !== 'string' ||
    typeof type !== 'string' ||
    typeof enabled !== 'boolean'
  ) {
    throw new VmRunError('emulator-failed', 'QEMU does not say which version and machine it is', {
      fix: MONITOR_FIX,
    });
  }
  return {
    version: `${major}.${minor}.${micro}${packaged.trim() === '' ? '' : ` (${packaged.trim()})`}`,
    machine: type.replace(/-machine$/, ''),
    accelerator: enabled ? 'kvm' : 'tcg',
  };
}

/** Writes the screen to `path` as PNG; returns false when QEMU cannot, or not within `timeoutMs`. */
export async function dumpScreen(monitor: Monitor, path: string, timeoutMs: number): Promise<boolean> {
  const done = monitor.execute('screendump', { filename: path, format: 'png' }).then(
    () => true,
    () => false, // before QEMU 7.1, or built without PNG
  );
  return (await within(timeoutMs, done)) ?? false;
}

/** Waits for a promise; returns undefined when it takes longer than `timeoutMs`. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
