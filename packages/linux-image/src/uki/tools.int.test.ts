// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource } from '@latticra/disk-image';
import { afterAll, beforeAll, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { writeImage } from '../testing/boot.js';
import { refused, SAMPLE_INITRD, SAMPLE_KERNEL, SAMPLE_OPTIONS, sectionNamed } from '../testing/uki.js';
import { planUki } from './plan.js';
import { readUki } from './read.js';
import { checkSignedUki } from './signed.js';

let folder = '';
const file = (name: string) => join(folder, name);
const run = (program: string, ...argv: string[]) => execFileSync(program, argv, { stdio: 'pipe' }).toString();
const source = (name: string) => bytesSource(readFileSync(file(name)));
const planned = planUki(SAMPLE_OPTIONS);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-uki-'));
  writeImage(file('uki.efi'), planned.layout);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a key and a certificate of its own. */
function makeKey(name: string): void {
  const request = [
    'req',
    '-new',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=test/',
    '-days',
    '1',
  ];
  run('openssl', ...request, '-keyout', file(`${name}.key`), '-out', file(`${name}.pem`));
}

itWith(
  ['objdump', 'objcopy'],
  'binutils lists the sections, and takes kernel and initramfs out of them',
  () => {
    const listed = run('objdump', '-h', file('uki.efi'));
    const names = [...listed.matchAll(/^ +\d+ (\.\w+)/gm)].map(([, name]) => name);
    expect(names).toEqual(['.text', '.data', '.reloc', '.osrel', '.cmdline', '.uname', '.linux', '.initrd']);
    const dump = (section: string) => {
      run('objcopy', '--dump-section', `${section}=${file('section')}`, file('uki.efi'), file('copy.efi'));
      return readFileSync(file('section'));
    };
    expect(Buffer.compare(dump('.linux'), SAMPLE_KERNEL)).toBe(0);
    expect(Buffer.compare(dump('.initrd'), SAMPLE_INITRD)).toBe(0);
    expect(dump('.cmdline').toString()).toBe(SAMPLE_OPTIONS.commandLine);
    expect(dump('.osrel').toString()).toBe(SAMPLE_OPTIONS.osRelease);
    expect(dump('.uname').toString()).toBe(planned.kernelVersion);
  },
);

itWith(
  ['sbsign', 'sbverify', 'sbattach', 'openssl'],
  'what sbsign makes of an image is accepted, once and twice, and nothing else',
  () => {
    makeKey('first');
    makeKey('second');
    const sign = (key: string, input: string, output: string) =>
      run(
        'sbsign',
        '--key',
        file(`${key}.key`),
        '--cert',
        file(`${key}.pem`),
        '--output',
        file(output),
        file(input),
      );
    sign('first', 'uki.efi', 'once.efi');
    sign('second', 'once.efi', 'twice.efi');
    for (const [name, signatures] of [
      ['once.efi', 1],
      ['twice.efi', 2],
    ] as const) {
      run('sbverify', '--cert', file('first.pem'), file(name));
      expect(checkSignedUki(source('uki.efi'), source(name))).toEqual({
        signatures,
        authenticode: planned.authenticode,
      });
      expect(readUki(source(name))).toMatchObject({ signatures, kernel: planned.kernel, stubIsOurs: true });
    }
    copyFileSync(file('once.efi'), file('bare.efi'));
    run('sbattach', '--remove', file('bare.efi'));
    expect(Buffer.compare(readFileSync(file('bare.efi')), readFileSync(file('uki.efi')))).toBe(0);

    const tampered = readFileSync(file('once.efi'));
    const at = sectionNamed('.initrd').offset + 200;
    tampered[at] = (tampered[at] ?? 0) ^ 1;
    const path = writeImage(file('tampered.efi'), {
      size: tampered.length,
      extents: [{ offset: 0, source: bytesSource(tampered) }],
    });
    expect(spawnSync('sbverify', ['--cert', file('first.pem'), path]).status).not.toBe(0);
    expect(() => checkSignedUki(source('uki.efi'), source('tampered.efi'))).toThrow(
      refused('signed-differs', /\.initrd/),
    );
  },
);

itWith(
  ['osslsigncode', 'openssl'],
  'what osslsigncode makes of an image is accepted, and it finds our digest and check sum',
  () => {
    makeKey('ours');
    const key = ['-certs', file('ours.pem'), '-key', file('ours.key'), '-h', 'sha256'];
    run('osslsigncode', 'sign', ...key, '-in', file('uki.efi'), '-out', file('signed.efi'));
    expect(checkSignedUki(source('uki.efi'), source('signed.efi')).signatures).toBe(1);
    const said = spawnSync('osslsigncode', ['verify', '-in', file('signed.efi')]).stdout.toString();
    const found = (what: string) => new RegExp(`^${what} *: ([0-9A-F]+)`, 'm').exec(said)?.[1];
    expect(found('Calculated message digest')?.toLowerCase()).toBe(planned.authenticode);
    expect(found('Current message digest')?.toLowerCase()).toBe(planned.authenticode);
    run('osslsigncode', 'remove-signature', '-in', file('signed.efi'), '-out', file('removed.efi'));
    expect(Buffer.compare(readFileSync(file('removed.efi')), readFileSync(file('uki.efi')))).toBe(0);
  },
);
