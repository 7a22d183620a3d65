// SPDX-License-Identifier: Apache-2.0

/** The v86 that is installed. */
export interface InstalledEmulator {
  /** The URL of its module. */
  readonly module: string;
  /** The path of its WebAssembly. */
  readonly wasm: string;
  readonly version: string;
}

/** The things that the thread of the emulator is given; what the guest writes lies in memory that both threads see. */
export interface EmulatorWork {
  readonly kernel: Uint8Array;
  /** Bytes of COM1, as many as are taken. */
  readonly serial: SharedArrayBuffer;
  /** One 32-bit number: how many bytes of `serial` are written. */
  readonly serialLength: SharedArrayBuffer;
  /** Where v86 is, for a script that does not have it inside. */
  readonly installed?: InstalledEmulator | undefined;
  /** Cells of the text screen, row by row. */
  readonly screen: SharedArrayBuffer;
}

/** The messages of that thread. */
export type EmulatorMessage =
  | { readonly kind: 'running'; readonly version: string }
  /** The guest wrote this value to the port where QEMU has isa-debug-exit. */
  | { readonly kind: 'exit'; readonly value: number }
  /** The guest wrote more to COM1 than is taken. */
  | { readonly kind: 'flood' }
  /** The emulator has something to say itself, as it does of what it cannot emulate. */
  | { readonly kind: 'output'; readonly text: string };
