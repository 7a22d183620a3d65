// SPDX-License-Identifier: Apache-2.0
import type { Measurement } from '@latticra/held-files';
import type { BootObservation, QemuFacts } from '../src/index.js';

export const measured = (path: string, digit: string): Measurement => ({
  path,
  size: 1,
  sha256: digit.repeat(64),
  sha1: '',
  sha512: '',
  head: new Uint8Array(),
});

export const uefi = {
  kind: 'uefi',
  code: measured('/fw/CODE.fd', 'c'),
  vars: measured('/fw/VARS.fd', 'e'),
} as const;

export const qemu: QemuFacts = {
  program: '/usr/bin/qemu-system-x86_64',
  machine: 'pc-q35-7.2',
  accelerator: 'tcg',
  host: {
    kernel: 'Linux 6.1',
    architecture: 'x86_64',
    cpuModel: 'unknown',
    cpuCount: 2,
    vendor: 'unknown',
    product: 'unknown',
    machineId: 'unknown',
    bootId: 'unknown',
  },
  firmware: uefi,
  firmwareAfter: uefi,
  argv: ['qemu'],
  argvRecordPath: '/out/qemu-argv.txt',
  logPath: '/out/qemu.log',
};

/** A boot in QEMU that did everything. */
export const booted: BootObservation = {
  emulator: 'qemu',
  emulatorVersion: '0.5',
  end: { kind: 'exit', code: 33 },
  durationMs: 120,
  imageBefore: measured('/images/seed.iso', 'a'),
  imageAfter: measured('/images/seed.iso', 'a'),
  own: undefined,
  serialLog: measured('/out/serial.log', 'b'),
  serialLines: ['LOADER', 'SEED_OK', 'ID one'],
  serialRest: '',
  serialErased: [],
  phases: { firmware: undefined, loader: 30, kernel: 60, init: undefined, end: 110 },
  screenshotPath: undefined,
  qemu,
};
