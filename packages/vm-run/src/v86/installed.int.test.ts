// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { GUEST_EXIT_CODE, multibootGuest } from '../../../../tools/testing/guest.js';
import { VmRunError } from '../error.js';
import { MAX_SERIAL_BYTES } from '../limits.js';
import { SCREEN_BYTES } from './screen.js';
import { emulatorScript } from './script.installed.js';
import { runEmulator } from './thread.js';

const { resolve } = createRequire(import.meta.url);

it('a library runs a kernel in the v86 that is installed beside it, and its script has none inside', async () => {
  const serial = new SharedArrayBuffer(MAX_SERIAL_BYTES);
  const serialLength = new SharedArrayBuffer(4);
  const kernel = multibootGuest('GUEST_OK\r\n', 'exit');
  const work = { kernel, serial, serialLength, screen: new SharedArrayBuffer(SCREEN_BYTES) };
  const run = await runEmulator(work, 30_000, undefined, emulatorScript);
  expect(run.end).toEqual({ kind: 'exit', code: GUEST_EXIT_CODE });
  const { version } = createRequire(import.meta.url)('v86/package.json');
  expect(run.version).toBe(version);
  const [length = 0] = new Int32Array(serialLength);
  expect(Buffer.from(serial, 0, length).toString()).toBe('GUEST_OK\r\n');
  expect((await emulatorScript()).script.length).toBeLessThan(20_000);
});

it.each(['v86', 'v86/build/v86.wasm', 'v86/package.json'])(
  'a run without %s installed is refused with what to do',
  async (missing) => {
    const without = (specifier: string) => {
      if (specifier === missing) throw new Error(`Cannot find module '${specifier}'`);
      return resolve(specifier);
    };
    const error = await emulatorScript(without).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VmRunError);
    expect(error).toMatchObject({
      code: 'emulator-missing',
      kind: 'tool-missing',
      fix: 'npm install v86, or boot in QEMU',
    });
  },
);
