// SPDX-License-Identifier: Apache-2.0
import type { Measurement } from '@latticra/held-files';
import type { HostFacts } from './host/facts.js';
import type { OwnParts } from './own.js';
import type { BootPhase } from './phases.js';

/** The end of a run. */
export type BootEnd =
  /** QEMU exited by itself. `shutdown` is QEMU's word for why, where the guest powered off or reset. */
  | { readonly kind: 'exit'; readonly code: number; readonly shutdown?: string }
  | { readonly kind: 'signal'; readonly signal: string }
  /** We stopped it at a line of its serial console that the request waited for. */
  | { readonly kind: 'stopped'; readonly line: string }
  /** We stopped it, because it ran for too long, or wrote too much. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | { readonly kind: 'flood'; readonly limitBytes: number };

/** Describes how a run ended, as the end of a sentence. */
export function describeEnd(end: BootEnd): string {
  switch (end.kind) {
    case 'exit':
      return `ended with exit code ${end.code}${end.shutdown === undefined ? '' : ` (${end.shutdown})`}`;
    case 'signal':
      return `was killed by ${end.signal}`;
    case 'stopped':
      return `was stopped at the line ${end.line}`;
    case 'timeout':
      return `did not end within ${end.timeoutMs / 1000} s`;
    case 'flood':
      return `wrote more than ${end.limitBytes} bytes to a log`;
  }
}

const ENDS: readonly (readonly [RegExp, (found: RegExpExecArray) => BootEnd])[] = [
  [
    /^ended with exit code (\d+)(?: \((.+)\))?$/,
    ([, code, shutdown]) => ({
      kind: 'exit',
      code: Number(code),
      ...(shutdown !== undefined && { shutdown }),
    }),
  ],
  [/^was killed by (.+)$/, ([, signal = '']) => ({ kind: 'signal', signal })],
  [/^was stopped at the line (.*)$/, ([, line = '']) => ({ kind: 'stopped', line })],
  [
    /^did not end within (.+) s$/,
    ([, seconds]) => ({ kind: 'timeout', timeoutMs: Math.round(Number(seconds) * 1000) }),
  ],
  [
    /^wrote more than (\d+) bytes to a log$/,
    ([, limitBytes]) => ({ kind: 'flood', limitBytes: Number(limitBytes) }),
  ],
];

/**
 * Reads an end back from the words of `describeEnd`, as a record keeps them; returns undefined for any other text.
 */
export function parseEnd(text: string): BootEnd | undefined {
  for (const [pattern, read] of ENDS) {
    const found = pattern.exec(text);
    const end = found === null ? undefined : read(found);
    if (end !== undefined && describeEnd(end) === text) return end;
  }
  return undefined;
}

/** The firmware files of a QEMU run, measured: SeaBIOS where its image was named, UEFI code and variable template. */
export type ObservedFirmware =
  | { readonly kind: 'seabios'; readonly code?: Measurement }
  | { readonly kind: 'uefi'; readonly code: Measurement; readonly vars: Measurement };

/** The facts that only a run in QEMU has. */
export interface QemuFacts {
  readonly program: string;
  /** The machine type with its version, such as `pc-q35-7.2`, that the alias without a version stood for. */
  readonly machine: string;
  readonly accelerator: 'tcg' | 'kvm';
  /** The machine that it ran on. */
  readonly host: HostFacts;
  /** The firmware before the run, and after it. */
  readonly firmware: ObservedFirmware;
  readonly firmwareAfter: ObservedFirmware;
  readonly argv: readonly string[];
  readonly argvRecordPath: string;
  readonly logPath: string;
}

/**
 * Milliseconds from the start of QEMU to the first byte of each part of a boot, as far as its log shows them, and to its end.
 * The log is looked at every 50 ms, so a time is that much late at most, and the machine's own speed apart.
 */
export type PhaseTimes = { readonly [Phase in BootPhase]: number | undefined } & { readonly end: number };

/** One boot, as it was seen. `bootVerdict` says whether it was a good one. */
export interface BootObservation {
  readonly emulator: 'qemu' | 'v86';
  readonly emulatorVersion: string;
  readonly end: BootEnd;
  readonly durationMs: number;
  /** The image, measured before and after. */
  readonly imageBefore: Measurement;
  readonly imageAfter: Measurement;
  /** What of the image was found to be the seed's own, in the read that measured it; undefined where nobody looked. */
  readonly own: OwnParts | undefined;
  /** The log of COM1, kept in the output folder. */
  readonly serialLog: Measurement;
  /** The lines of the log, see `readSerial`. */
  readonly serialLines: readonly string[];
  readonly serialRest: string;
  readonly serialErased: readonly string[];
  /** When each part of the boot began, as the log tells them apart. */
  readonly phases: PhaseTimes;
  /** The screen: PNG from QEMU, text from v86; undefined where the machine was gone before it could be looked at. */
  readonly screenshotPath: string | undefined;
  /** The facts of a run in QEMU; undefined for v86. */
  readonly qemu: QemuFacts | undefined;
}
