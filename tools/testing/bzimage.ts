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
  if (!('pe' in made) || made.pe !== undefined) writePe(bytes, setup, pe);
  return new Uint8Array(bytes);
}

/**
 * Writes the headers of a PE32+ program between the boot sector's start and the kernel's header: its one section is the
 * protected-mode part, which begins at byte `setup`.
 */
function writePe(
  bytes: Buffer,
  setup: number,
  { machine = 0x8664, subsystem = 10 }: NonNullable<MadeBzImage['pe']>,
): void {
  const [at, page, sector] = [0x40, 0x1000, 0x200];
  const [optional, size] = [at + 24, bytes.length - setup];
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(at, 0x3c);
  bytes.write('PE\0\0', at, 'latin1');
  [machine, 1].forEach((value, index) => {
    bytes.writeUInt16LE(value, at + 4 + 2 * index);
  });
  bytes.writeUInt16LE(160, at + 20);
  bytes.writeUInt16LE(2, at + 22);
  bytes.writeUInt16LE(0x20b, optional);
  bytes.writeUInt32LE(page, optional + 16);
  bytes.writeUInt32LE(page, optional + 32);
  bytes.writeUInt32LE(sector, optional + 36);
  bytes.writeUInt32LE(page + Math.ceil(size / page) * page, optional + 56);
  bytes.writeUInt32LE(sector, optional + 60);
  bytes.writeUInt16LE(subsystem, optional + 68);
  bytes.writeUInt32LE(6, optional + 108);
  const section = optional + 160;
  bytes.write('.text', section, 'latin1');
  [size, page, size, setup].forEach((value, index) => {
    bytes.writeUInt32LE(value, section + 8 + 4 * index);
  });
  bytes.writeUInt32LE(0x60000020, section + 36);
}
