// SPDX-License-Identifier: Apache-2.0
import type { V86 } from 'v86';
import { VmRunError } from '../error.js';
import { GUEST_MEMORY_BYTES } from './loadable.js';

/** The listener that hears what a guest in the emulator does, as it does it. */
export interface GuestListener {
  /** Hears, once, that the kernel is loaded and about to run. */
  onLoaded(): void;
  /** Takes a byte from COM1. */
  onSerial(byte: number): void;
  /** Takes a character on the text screen, 80 columns by 25 rows. */
  onScreen(row: number, column: number, character: number): void;
  /** Takes a value written to the port where QEMU has isa-debug-exit. */
  onExit(value: number): void;
}

/** The port registry of v86's CPU: not part of its typed interface, so looked at before it is used. */
interface Ports {
  register_write(port: number, device: object, ...writers: ((value: number) => void)[]): void;
  port_write8(port: number, value: number): void;
}

const EXIT_PORT = 0xf4;

/** The emulator, as its package has it. */
export interface EmulatorParts {
  readonly V86: typeof V86;
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly version: string;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isPorts(value: unknown): value is Ports {
  return ['register_write', 'port_write8'].every((name) => typeof memberOf(value, name) === 'function');
}

function portsOf(emulator: V86, version: string): Ports {
  const ports = memberOf(memberOf(memberOf(emulator, 'v86'), 'cpu'), 'io');
  if (isPorts(ports)) return ports;
  throw new VmRunError('emulator-failed', `v86 ${version} does not show its ports`);
}

/**
 * Puts the VGA into its 80 by 25 text mode, as a BIOS would, for no BIOS runs here: text memory at B8000h (graphics
 * controller, register 6) in rows of 80 cells (CRT controller, register 13h).
 */
function setTextMode(ports: Ports): void {
  for (const [port, register, value] of [
    [0x3ce, 0x06, 0x0e],
    [0x3d4, 0x13, 0x28],
  ] as const) {
    ports.port_write8(port, register);
    ports.port_write8(port + 1, value);
  }
}

/** Starts a Multiboot kernel in v86, without firmware and disks; it runs until its thread is ended. */
export async function startKernel(
  { V86, wasm, version }: EmulatorParts,
  kernel: Uint8Array,
  listener: GuestListener,
): Promise<void> {
  const emulator = new V86({
    wasm_fn: async (imports) => (await WebAssembly.instantiate(wasm, imports)).instance.exports,
    multiboot: { buffer: Uint8Array.from(kernel).buffer },
    memory_size: GUEST_MEMORY_BYTES,
    vga_memory_size: 2 << 20,
    autostart: false,
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  });
  await new Promise<void>((resolve) => {
    emulator.add_listener('emulator-loaded', resolve);
  });
  const ports = portsOf(emulator, version);
  setTextMode(ports);
  ports.register_write(EXIT_PORT, {}, listener.onExit, listener.onExit, listener.onExit);
  emulator.add_listener('serial0-output-byte', listener.onSerial);
  emulator.add_listener('screen-put-char', (cell: readonly [number, number, number]) =>
    listener.onScreen(...cell),
  );
  listener.onLoaded();
  await emulator.run();
}
