// SPDX-License-Identifier: Apache-2.0
/** A bzImage that a test makes up: header, version and PE header as Linux lays them out; nothing in it runs. */

export interface MadeBzImage {
  readonly protocol?: number;
  readonly setupSectors?: number;
  /** Bytes of the protected-mode part: a multiple of 16. */
  readonly payload?: number;
  /** Undefined for a kernel that does not tell. */
  readonly version?: string | undefined;
  readonly loadFlags?: number;
  readonly relocatable?: boolean;
  readonly xloadFlags?: number;
  readonly commandLineLimit?: number;
  readonly initrdAddressMax?: number;
  readonly preferredAddress?: bigint;
  readonly initSize?: number;
  /** The machine and the subsystem of its PE header; none with undefined. */
  readonly pe?: { readonly machine?: number; readonly subsystem?: number } | undefined;
}

const VERSION = '6.1.0-test-amd64 (builder@example.org) #1 SMP (2026-01-01)';

/** Makes a kernel, good by default, with whatever a test wants different. */
export function makeBzImage(made: MadeBzImage = {}): Uint8Array {
  const { setupSectors = 4, payload = 4096, version = VERSION, pe = {} } = made;
  const setup = ((setupSectors || 4) + 1) * 512;
  const bytes = Buffer.alloc(setup + payload);
  bytes[0x1f1] = setupSectors;
  bytes.writeUInt32LE(payload / 16, 0x1f4);
  bytes.writeUInt16LE(0xaa55, 0x1fe);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(made.protocol ?? 0x20f, 0x206);
  bytes[0x211] = made.loadFlags ?? 1;
  bytes.writeUInt32LE(made.initrdAddressMax ?? 0x7fffffff, 0x22c);
  bytes[0x234] = made.relocatable === false ? 0 : 1;
  bytes.writeUInt16LE(made.xloadFlags ?? 0x7f, 0x236);
  bytes.writeUInt32LE(made.commandLineLimit ?? 2047, 0x238);
  bytes.writeBigUInt64LE(made.preferredAddress ?? 0x1000000n, 0x258);
  bytes.writeUInt32LE(made.initSize ?? 0x2000000, 0x260);
  if (!('version' in made) || made.version !== undefined) {
    bytes.writeUInt16LE(0x400, 0x20e);
    bytes.write(`${version}\0`, 0x600, 'latin1');
  }
  if (!('pe' in made) || made.pe !== undefined) writePe(bytes, pe);
  return new Uint8Array(bytes);
}

/** Writes the headers of a PE32+ program without sections between the boot sector's start and the kernel's header. */
function writePe(bytes: Buffer, { machine = 0x8664, subsystem = 10 }: NonNullable<MadeBzImage['pe']>): void {
  const at = 0x40;
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(at, 0x3c);
  bytes.write('PE\0\0', at, 'latin1');
  bytes.writeUInt16LE(machine, at + 4);
  bytes.writeUInt16LE(160, at + 20);
  bytes.writeUInt16LE(0x20b, at + 24);
  bytes.writeUInt16LE(subsystem, at + 24 + 68);
  bytes.writeUInt32LE(6, at + 24 + 108);
}
