// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { arch, cpus, machine, release, type } from 'node:os';
import { join } from 'node:path';
import { isPlainText } from '@latticra/evidence-format';
import { UNKNOWN } from '@latticra/evidence-format/define';

/** What a boot says of the machine that QEMU ran on; a text is `unknown` where the machine does not say. */
export interface HostFacts {
  /** As `uname -sr` prints it. */
  readonly kernel: string;
  /** As `uname -m` prints it. */
  readonly architecture: string;
  readonly cpuModel: string;
  readonly cpuCount: number;
  /** As the firmware says it to everybody: `/sys/class/dmi/id/sys_vendor` and `product_name`. */
  readonly vendor: string;
  readonly product: string;
  /** Of the installed system, as 64 hexadecimal digits that do not tell its machine-id. */
  readonly machineId: string;
  /** Of the running kernel, which all containers of a machine share; 64 hexadecimal digits. */
  readonly bootId: string;
}

/**
 * What the ids are summed for. machine-id(5) asks for a keyed digest, with a purpose of the program's own: so the id itself stays on
 * the machine, and no other program's digest of it is the same.
 */
const PURPOSE = 'latticra boot record host';
const MAX_BYTES = 4096;
const LONGEST = 200;

/**
 * Reads what the machine says of itself to everybody. Asks for no privilege, runs nothing, and sends nothing anywhere.
 * @param root of the files that are read, for tests
 */
export function readHostFacts(root = '/'): HostFacts {
  const processors = cpus();
  return {
    kernel: plain(`${type()} ${release()}`),
    architecture: plain(machine?.() ?? arch()),
    cpuModel: plain(processors[0]?.model),
    cpuCount: processors.length,
    vendor: plain(firstLine(join(root, 'sys/class/dmi/id/sys_vendor'))),
    product: plain(firstLine(join(root, 'sys/class/dmi/id/product_name'))),
    machineId: keyed(firstLine(join(root, 'etc/machine-id'))),
    bootId: keyed(firstLine(join(root, 'proc/sys/kernel/random/boot_id'))),
  };
}

/** Returns a text that fits into a line; `unknown` for another, and for none. */
function plain(text: string | undefined): string {
  const found = text?.trim().replace(/ {2,}/g, ' ') ?? '';
  return found !== '' && found.length <= LONGEST && isPlainText(found) ? found : UNKNOWN;
}

/** Returns the keyed digest of an id of 128 bits, with or without dashes; `unknown` for anything else. */
function keyed(id: string | undefined): string {
  const hex = id?.trim().replaceAll('-', '').toLowerCase() ?? '';
  // Zeros, and the same digit all over, are what an image has that was not given one yet.
  if (!/^[0-9a-f]{32}$/.test(hex) || /^(.)\1*$/.test(hex)) return UNKNOWN;
  return createHmac('sha256', Buffer.from(hex, 'hex')).update(PURPOSE).digest('hex');
}

/** Returns the first line of a file of the system; undefined where there is none that everybody may read. */
function firstLine(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(MAX_BYTES);
    const length = readSync(fd, bytes, 0, MAX_BYTES, 0);
    return bytes.toString('utf8', 0, length).split('\n', 1)[0];
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}
