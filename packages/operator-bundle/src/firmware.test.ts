// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requestOf, writeRelease } from '../test/release.js';
import { stageOperatorBundle } from './stage.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function vmTestWith(code: string) {
  await writeRelease(cwd);
  const request = { ...requestOf('manifest.txt', 'out'), firmware: { kind: 'uefi', code } as const };
  const firmwareRoots = { descriptorFolders: [], uefiPairs: [], seaBios: [] };
  await stageOperatorBundle(request, { cwd, firmwareRoots });
  const document = parseDocument(await readFile(join(cwd, 'out/vm-test-command.txt')));
  return Object.fromEntries(document.fields.map(({ key, value }) => [key, value]));
}

it('the VM test command says that there is no UEFI firmware here', async () => {
  expect(await vmTestWith('auto')).toMatchObject({
    firmware: 'uefi',
    qemu_machine: 'q35',
    uefi_ovmf_required: '1',
    uefi_firmware_path: 'missing',
    vm_test_command_ready: '0',
  });
});

it('the VM test command names the UEFI firmware that was given by an absolute path', async () => {
  await writeFile(join(cwd, 'MY_CODE.fd'), Buffer.alloc(0x37c000));
  await writeFile(join(cwd, 'MY_VARS.fd'), Buffer.alloc(0x84000));
  expect(await vmTestWith('MY_CODE.fd')).toMatchObject({
    uefi_firmware_path: join(cwd, 'MY_CODE.fd'),
    uefi_firmware_exists: '1',
    uefi_vars_template_path: join(cwd, 'MY_VARS.fd'),
    vm_test_command_ready: '1',
  });
});
