// SPDX-License-Identifier: Apache-2.0
import { EvidenceError, formatDocument } from '@latticra/evidence-format';
import { type ReleaseCommand, readCommand } from '../release/command.js';
import { type ReleaseState, releaseState } from '../release/state.js';
import type { Item } from './contents.js';

/** Where a release that `latticra release` makes stands. */
export interface ReleaseProgress {
  readonly isDone: boolean;
  /** In words. */
  readonly detail: string;
  /** The command to go on with; undefined where the state has none that could be typed. */
  readonly command: ReleaseCommand | undefined;
  /** All that the state says; undefined where it cannot be read. */
  readonly state: ReleaseState | undefined;
}

/** Reads where a release stands from its state. Returns undefined where there is none. */
export function progressOf(item: Item | undefined): ReleaseProgress | undefined {
  if (item === undefined) return undefined;
  if (item.document === undefined)
    return unreadable(`${item.path}: ${item.is}, where a release keeps how far it is`);
  try {
    const state = releaseState.parse(formatDocument(item.document));
    return {
      isDone: state.status === 'done',
      detail: `${item.path}: ${state.version}, ${stateInWords(state)}`,
      command: state.command === undefined ? undefined : readCommand(state.command),
      state,
    };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return unreadable(`${item.path}: ${error.message}`);
  }
}

const unreadable = (detail: string): ReleaseProgress => ({
  isDone: false,
  detail,
  command: undefined,
  state: undefined,
});

function stateInWords({ status, failedStep, failure, outputs }: ReleaseState): string {
  const done = new Set(outputs.map(({ step }) => step)).size;
  const steps = done === 1 ? '1 step has' : `${done} steps have`;
  switch (status) {
    case 'done':
      return 'done';
    case 'running':
      return `under way, or cut off: ${steps} a result`;
    case 'failed':
      return `stopped${failedStep === undefined ? '' : ` at the step ${failedStep}`}: ${failure}`;
  }
}
