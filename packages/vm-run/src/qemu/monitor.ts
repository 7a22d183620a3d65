// SPDX-License-Identifier: Apache-2.0
import type { Duplex } from 'node:stream';
import { VmRunError } from '../error.js';

type Json = Readonly<Record<string, unknown>>;

/** A QMP session (QEMU Machine Protocol): commands with their answers, and the one event we wait for. */
export interface Monitor {
  /**
   * Sends a command and returns QEMU's answer.
   * @throws VmRunError `emulator-failed` when QEMU refuses, talks nonsense or hangs up
   */
  execute(command: string, args?: Json): Promise<unknown>;
  /** Calls `listener` with QEMU's reason once the guest has powered off, reset or asked for the end. */
  onShutdown(listener: (reason: string) => void): void;
}

/** The longest message that is read, in characters. */
const MAX_MESSAGE = 1 << 20;

/** The advice for a program that does not speak QMP. */
export const MONITOR_FIX = 'see that the program is QEMU 7.0 or later';

/** Returns the value as an object, an empty one where it is none. */
export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function refusal({ desc }: Json): VmRunError {
  const why = typeof desc === 'string' ? desc.slice(0, 200).replace(/\p{C}/gu, '?') : 'without a reason';
  return new VmRunError('emulator-failed', `QEMU refuses: ${why}`, { fix: MONITOR_FIX });
}

/** Speaks QMP over a connected socket. Commands may be sent before the greeting: QEMU reads them after it. */
export function createMonitor(socket: Duplex): Monitor {
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners: ((reason: string) => void)[] = [];
  let sent = 0;
  let buffered = '';
  let lost: VmRunError | undefined;

  const hangUp = (why: string) => {
    lost ??= new VmRunError('emulator-failed', `QEMU's monitor ${why}`, { fix: MONITOR_FIX });
    for (const { reject } of pending.values()) reject(lost);
    pending.clear();
  };
  const receive = (line: string) => {
    const message = asObject(JSON.parse(line));
    if (message.event === 'SHUTDOWN') {
      const reason = String(asObject(message.data).reason ?? 'no reason given');
      for (const listener of listeners) listener(reason);
    }
    const waiting = pending.get(Number(message.id));
    pending.delete(Number(message.id));
    const error = message.error;
    if (error === undefined) waiting?.resolve(message.return);
    else waiting?.reject(refusal(asObject(error)));
  };
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    if (lost) return; // nothing more is believed
    const lines = (buffered + chunk).split('\n');
    buffered = lines.pop() ?? '';
    try {
      for (const line of lines) if (line.trim() !== '') receive(line);
    } catch {
      hangUp('does not speak QMP');
    }
    if (buffered.length > MAX_MESSAGE) hangUp('does not speak QMP');
  });
  socket.on('error', () => hangUp('broke off'));
  socket.on('close', () => hangUp('closed'));

  return {
    execute: (command, args) =>
      new Promise((resolve, reject) => {
        if (lost) {
          reject(lost);
          return;
        }
        const id = ++sent;
        pending.set(id, { resolve, reject });
        socket.write(`${JSON.stringify({ execute: command, ...(args && { arguments: args }), id })}\n`);
      }),
    onShutdown: (listener) => {
      listeners.push(listener);
    },
  };
}
