// SPDX-License-Identifier: Apache-2.0

/** An error of the stub: the value that it gives isa-debug-exit, and the text after `LATTICRA_LOADER_ERROR ` on COM1. */
export interface StubError {
  readonly value: number;
  /** Where firmware said no, `, status 0x` and sixteen digits follow. */
  readonly text: string;
}

const TEXTS = [
  'the firmware does not say what it loaded',
  'this program has no .linux, .initrd and .cmdline in it',
  'the command line is longer than 2047 characters, or not ASCII',
  'the kernel in .linux is no program for UEFI on x86-64',
  'there is not enough memory to load the kernel',
  'the firmware does not take what the kernel is to be given',
  'the kernel came back instead of starting',
] as const;

/** Every error with which the stub ends a machine, by ascending value. */
export const STUB_ERRORS: readonly StubError[] = TEXTS.map((text, index) => ({ value: 0x60 + index, text }));
