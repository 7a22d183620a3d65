// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir, type } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { areTwoHosts } from './compare.js';
import { type HostFacts, readHostFacts } from './facts.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-host-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const lay = (path: string, text: string | Uint8Array) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const ID = '0123456789abcdef0123456789abcdef';

describe('readHostFacts', () => {
  it('an id of the machine is told by a keyed digest that openssl makes as well, and never itself', () => {
    lay('etc/machine-id', `${ID}\n`);
    lay('proc/sys/kernel/random/boot_id', '01234567-89ab-cdef-0123-456789abcdef\n');
    lay('sys/class/dmi/id/sys_vendor', 'LENOVO \n');
    lay('sys/class/dmi/id/product_name', '20L5CTO1WW\n');
    const found = readHostFacts(root);
    const hmac = createHmac('sha256', Buffer.from(ID, 'hex'))
      .update('latticra boot record host')
      .digest('hex');
    expect(found).toMatchObject({
      kernel: `${type()} ${release()}`,
      vendor: 'LENOVO',
      product: '20L5CTO1WW',
      machineId: hmac,
      bootId: hmac,
    });
    expect(found.cpuCount).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain(ID);
  });

  it.each(['uninitialized\n', '', '0'.repeat(32), 'f'.repeat(32), `${ID}0`, `${ID.slice(1)}g`])(
    'an id of %j tells no machine',
    (text) => {
      lay('etc/machine-id', text);
      expect(readHostFacts(root).machineId).toBe('unknown');
    },
  );

  it('what is not there, or fits into no line, is unknown', () => {
    lay('sys/class/dmi/id/sys_vendor', '\u001b[31mred');
    lay('sys/class/dmi/id/product_name', 'x'.repeat(300));
    expect(readHostFacts(root)).toMatchObject({
      vendor: 'unknown',
      product: 'unknown',
      machineId: 'unknown',
      bootId: 'unknown',
    });
  });
});

describe('areTwoHosts', () => {
  const HOST: HostFacts = {
    kernel: 'Linux 6.1',
    architecture: 'x86_64',
    cpuModel: 'A',
    cpuCount: 2,
    vendor: 'V',
    product: 'P',
    machineId: 'a'.repeat(64),
    bootId: 'b'.repeat(64),
  };
  const other = (changes: Partial<HostFacts>) => areTwoHosts(HOST, { ...HOST, ...changes });
  const newBoot = { bootId: 'c'.repeat(64) };

  it('containers of one running kernel are one host, whatever they call themselves', () => {
    expect(other({ machineId: 'd'.repeat(64), cpuModel: 'B', product: 'Q' })).toBe(false);
  });

  it('one installed system is one host, after a restart, an update, or in another case', () => {
    expect(other({ ...newBoot, kernel: 'Linux 6.2', product: 'Q', cpuCount: 4 })).toBe(false);
  });

  it('two installed systems are two hosts, also on two machines of one model', () => {
    expect(other({ ...newBoot, machineId: 'd'.repeat(64) })).toBe(true);
  });

  it('the hardware alone tells two hosts without ids apart, and not how much of it there is, nor its kernel', () => {
    const bare = { machineId: 'unknown', bootId: 'unknown' };
    expect(other({ ...bare, cpuModel: 'B' })).toBe(true);
    expect(other({ ...bare, kernel: 'Linux 6.2', cpuCount: 4 })).toBe(false);
    expect(other({ ...bare, cpuModel: 'unknown', vendor: 'unknown' })).toBe(false);
    expect(other({ ...bare, cpuModel: 'a ', vendor: 'v', product: ' p' })).toBe(false);
  });

  it('the order of two hosts makes no difference, and nothing is another host than itself', () => {
    const word = fc.constantFrom('unknown', 'a', 'b');
    const facts = fc.record({
      kernel: word,
      architecture: word,
      cpuModel: word,
      cpuCount: fc.constantFrom(1, 2),
      vendor: word,
      product: word,
      machineId: word,
      bootId: word,
    });
    fc.assert(
      fc.property(facts, facts, (a, b) => areTwoHosts(a, b) === areTwoHosts(b, a) && !areTwoHosts(a, a)),
    );
  });
});
