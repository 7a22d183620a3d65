// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateEd25519Key,
  NAMESPACES,
  type Namespace,
  parseAllowedSigners,
  type SignerPolicy,
  takeSigningKey,
} from '@latticra/signature';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GOOD_LOG, layRecord } from '../../test/record.js';
import { gatherRecords, mergeRecords, verifyRecord } from '../index.js';

const MACHINES = { one: generateEd25519Key('one'), two: generateEd25519Key('two') };
type Machine = keyof typeof MACHINES;

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'signed-records-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));
const at = (...names: string[]) => join(cwd, ...names);

async function sign(folder: string, machine: Machine = 'one', namespace: Namespace = NAMESPACES.boot) {
  writeFileSync(at(machine), MACHINES[machine].privateFile, { mode: 0o600 });
  const signer = await takeSigningKey(at(machine), { cwd, env: { PATH: '' } });
  await signer.sign(join(folder, 'record.txt'), namespace);
}

const allow = (machine: Machine = 'one', namespaces = 'latticra-boot'): SignerPolicy => ({
  allowed: parseAllowedSigners(
    Buffer.from(`${machine} namespaces="${namespaces}" ${MACHINES[machine].publicLine}`),
  ),
  at: new Date(),
});

/** Lays a record into a folder of its own. */
const lay = (parent: string, durationMs = 420) => layRecord(at(parent), GOOD_LOG, { durationMs });

describe('the signature of a record', () => {
  it('a record is verified with the machine that signed it, and refused where nobody who counts did', async () => {
    const folder = lay('records');
    expect(verifyRecord(folder).signature).toBeUndefined();
    const refused = (signers: SignerPolicy, message: string) =>
      expect(() => verifyRecord(folder, { signers })).toThrow(
        expect.objectContaining({
          code: 'bad-record',
          message: expect.stringContaining(message),
          fix: expect.stringMatching(/\w/),
        }),
      );
    refused(allow(), 'has no signature beside it');
    await sign(folder);
    const { fingerprint } = MACHINES.one.key.publicKey;
    const known = verifyRecord(folder).signature;
    expect([known?.signature.key.fingerprint, known?.signer]).toEqual([fingerprint, undefined]);
    expect(verifyRecord(folder, { signers: allow() }).signature?.signer).toMatchObject({
      principal: 'one',
      namespace: 'latticra-boot',
    });
    refused(allow('two'), `the key ${fingerprint} is not among the allowed signers`);
    refused(allow('one', 'latticra-build'), 'is not allowed for latticra-boot');
  });

  it('a signature of another record, or for another purpose, or that is a link, is refused also where nobody asks whose', async () => {
    const folder = lay('records');
    const other = lay('others', 421);
    await sign(other);
    cpSync(join(other, 'record.txt.sig'), join(folder, 'record.txt.sig'));
    expect(() => verifyRecord(folder)).toThrow(/its signature: /);
    await sign(folder, 'one', NAMESPACES.build);
    expect(() => verifyRecord(folder)).toThrow(/for another purpose than latticra-boot/);
    rmSync(join(folder, 'record.txt.sig'));
    symlinkSync(join(other, 'record.txt.sig'), join(folder, 'record.txt.sig'));
    expect(() => verifyRecord(folder)).toThrow(expect.objectContaining({ code: 'not-regular' }));
  });

  it('a record and a log that fit each other, invented by somebody else, have no signature of a machine', async () => {
    const folder = lay('records');
    await sign(folder);
    const signature = readFileSync(join(folder, 'record.txt.sig'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 411, max: 100_000 }), async (durationMs) => {
        fc.pre(durationMs !== 420);
        const forged = lay('forged', durationMs);
        expect(verifyRecord(forged).verdict.outcome).toBe('booted');
        writeFileSync(join(forged, 'record.txt.sig'), signature);
        expect(() => verifyRecord(forged)).toThrow(/its signature: /);
        rmSync(join(forged, 'record.txt.sig'));
        expect(() => verifyRecord(forged, { signers: allow() })).toThrow(/has no signature/);
      }),
      { numRuns: 20 },
    );
  });
});

describe('merging of signed records', () => {
  it('a signature goes with its record, whichever copy of it comes first', async () => {
    for (const order of [
      ['plain', 'signed'],
      ['signed', 'plain'],
    ]) {
      lay('plain');
      await sign(lay('signed'));
      const into = at(`into-${order[0]}`);
      await mergeRecords(
        order.map((name) => at(name)),
        into,
      );
      const [record] = await gatherRecords(into, { signers: allow() });
      expect(record?.signature?.signer?.principal).toBe('one');
      await mergeRecords([at('plain')], into);
      expect(await gatherRecords(into, { signers: allow() })).toHaveLength(1);
    }
  });

  it('a merge by allowed signers takes no record without their signature, and nothing is copied', async () => {
    await sign(lay('signed'));
    lay('plain', 421);
    await expect(
      mergeRecords([at('signed'), at('plain')], at('into'), { signers: allow() }),
    ).rejects.toMatchObject({ code: 'bad-record', message: expect.stringContaining('has no signature') });
    expect(() => readFileSync(at('into'))).toThrow('ENOENT');
  });

  it('one record that two machines signed is refused: one machine saw the boot', async () => {
    await sign(lay('one-machine'), 'one');
    await sign(lay('another'), 'two');
    mkdirSync(at('into'));
    await expect(mergeRecords([at('one-machine'), at('another')], at('into'))).rejects.toMatchObject({
      code: 'bad-record',
      message: expect.stringContaining('is signed by the key SHA256:'),
    });
    await mergeRecords([at('one-machine')], at('into'));
    await expect(mergeRecords([at('another')], at('into'))).rejects.toMatchObject({ code: 'bad-record' });
  });
});
