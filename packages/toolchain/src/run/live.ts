// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:os';

/** The functions that kill the programs that run now. */
const live = new Set<() => void>();

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function killAll(): void {
  for (const kill of live) kill();
}

function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens ends this process in a way of his own, or means to go on.
  if (process.listenerCount(signal) > 1) return;
  // Not by the signal itself: what else has to go with this process listens to its exit.
  process.exit(128 + constants.signals[signal]);
}

function watch(): void {
  process.on('exit', killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off('exit', killAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/**
 * Registers `kill` to be called when this process exits. While a program runs, a signal that ends this process
 * and that nobody else listens to counts as an exit, with status 128 and its number, as in shells: a program in
 * a group of its own does not get Ctrl-C. One listener serves all programs, and none is left when nothing runs.
 * @returns what to call once the program has ended
 */
export function killWithUs(kill: () => void): () => void {
  if (live.size === 0) watch();
  live.add(kill);
  return () => {
    if (live.delete(kill) && live.size === 0) unwatch();
  };
}
