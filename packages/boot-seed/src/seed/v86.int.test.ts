// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from './parts.js';

/**
 * A program for a process of its own: the emulator ends it with an uncaught exception when the guest writes to the
 * debug exit, and prints the value that was written.
 */
const SCRIPT = `
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const [kernel, build] = process.argv.slice(1);
const { V86 } = await import(pathToFileURL(build + '/libv86.mjs').href);
let serial = '';
process.on('uncaughtException', (error) => {
  process.stdout.write(serial);
  process.exit(error === 'HALT' ? 0 : 1);
});
const emulator = new V86({
  wasm_path: build + '/v86.wasm',
  memory_size: 64 << 20,
  autostart: true,
  multiboot: { buffer: new Uint8Array(readFileSync(kernel)).buffer },
});
emulator.add_listener('serial0-output-byte', (byte) => (serial += String.fromCharCode(byte)));
`;

it('the seed boots in v86, by Multiboot 1 and without firmware', async () => {
  const build = dirname(createRequire(import.meta.url).resolve('v86'));
  const folder = await mkdtemp(join(tmpdir(), 'latticra-v86-'));
  try {
    const kernel = join(folder, 'kernel.elf');
    await writeFile(kernel, setBuildId(PREBUILT_PARTS.kernel, 'in-v86'));
    const output = await new Promise<string>((resolve, reject) => {
      const argv = ['--input-type=module', '-e', SCRIPT, kernel, build];
      execFile(process.execPath, argv, { timeout: 30_000, killSignal: 'SIGKILL' }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${error.message}: ${stderr}`)),
      );
    });
    expect(output.split('\n')).toContain('Test exited with code 0x10');
    expect(output).toContain('\r\nLATTICRA_BOOT_SEED_OK\r\nLATTICRA_BUILD_ID in-v86\r\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
