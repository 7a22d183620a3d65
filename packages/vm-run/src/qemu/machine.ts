// SPDX-License-Identifier: Apache-2.0
import { asObject, type Monitor } from './monitor.js';

/** What a QEMU that was started paused says of itself. */
export interface RunningMachine {
  /** `7.2.22 (Debian 1:7.2+dfsg-7)`: version, and the packager's where there is one. */
  readonly version: string;
  /** `pc-i440fx-7.2` */
  readonly machine: string;
  readonly accelerator: 'tcg' | 'kvm';
}

/**
 * Asks a paused machine what it is and lets it run: the answers are of the very process that boots the image,
 * and cost no second one.
 */
export async function startMachine(monitor: Monitor): Promise<RunningMachine> {
  // All but the last go out in one piece; QEMU answers them in order.
  const [, versions, type, kvm] = await Promise.all([
    monitor.execute('qmp_capabilities'),
    monitor.execute('query-version'),
    monitor.execute('qom-get', { path: '/machine', property: 'type' }),
    monitor.execute('query-kvm'),
  ]);
  // Not waited for: a guest that ends at once may overtake the answer.
  monitor.execute('cont').catch(() => {});
  const { major, minor, micro } = asObject(asObject(versions).qemu);
  const packaged = String(asObject(versions).package ?? '').trim();
  return {
    version: `${major}.${minor}.${micro}${packaged === '' ? '' : ` (${packaged})`}`,
    machine: String(type).replace(/-machine$/, ''),
    accelerator: asObject(kvm).enabled === true ? 'kvm' : 'tcg',
  };
}

/** Has the screen written to `path` as PNG; false when QEMU cannot, or not within `timeoutMs`. */
export async function dumpScreen(monitor: Monitor, path: string, timeoutMs: number): Promise<boolean> {
  const done = monitor.execute('screendump', { filename: path, format: 'png' }).then(
    () => true,
    () => false, // before QEMU 7.1, or built without PNG
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const dumped = await Promise.race([done, late]);
  clearTimeout(timer);
  return dumped;
}
