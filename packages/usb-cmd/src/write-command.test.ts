// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { parseCommand } from '@latticra/shell-words';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO, PLAIN_ISO, QCOW2_DISK, RAW_DISK, sha256Of } from '../../../tools/testing/images.js';
import type { DeviceInspector } from './assess.js';
import { WITHHELD } from './command.js';
import type { DeviceFacts } from './facts.js';
import { choosePlatform } from './platform.js';
import { planUsbWrite, type UsbWriteRequest, usbWriteCommand } from './write-command.js';

const KEYS =
  `template_status latticra_os_image_usb_write_command_template_present template_mode template_decision
  manifest_path platform iso_path iso_exists iso_size_bytes iso_measurement device_path device_path_valid
  device_path_blocked device_path_placeholder device_inspected device_whole_disk device_removable device_mounted
  device_backs_system device_holds_iso device_size_bytes device_large_enough device_blocked_reason device_blocked_next_step
  usb_write_command_ready pre_write_unmount_command pre_write_check_command usb_write_command post_write_command
  post_write_verify_command checksum_verification_required target_device_verified_removable_required
  target_device_contains_no_required_data_required operator_consent_required operator_recovery_path_required
  usb_write_execution_allowed usb_write_executed qemu_execution_allowed_by_guard block_device_write_performed
  partition_mutation_performed host_mutation_performed root_authority hardware_install_ready
  full_os_install_ready bootable_os_ready production_os_claim`.split(/\s+/);

const STICK: DeviceFacts = {
  wholeDisk: 1,
  removable: 1,
  readOnly: 0,
  mounted: 0,
  backsSystem: 0,
  storageMember: 0,
  holdsIso: 0,
  sizeBytes: 8_000_000_000,
  mountedNodes: [],
};

/** A machine with one stick, `/dev/sdb`, and a link to it and to the system disk. */
const inspectorOf = (facts: Partial<DeviceFacts>): DeviceInspector => ({
  locate: async (path) => {
    if (path === '/dev/disk/by-id/usb-stick') return { node: '/dev/sdb' };
    if (path === '/dev/disk/by-id/ata-system') return { node: '/dev/sda' };
    if (path === '/dev/disk/by-id/usb-stick-part1') return { node: '/dev/sdb1' };
    return path === '/dev/sdb' ? { node: path } : { reason: 'not-found' };
  },
  inspect: async (node) => {
    expect(node).toBe('/dev/sdb');
    return { inspected: true, facts: { ...STICK, ...facts } };
  },
});

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'usb-cmd-'));
  await writeFile(join(cwd, 'os.iso'), BOOT_ISO);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function run(request: Partial<UsbWriteRequest>, inspector?: DeviceInspector) {
  const document = await usbWriteCommand(
    { manifestPath: 'm.toml', isoPath: 'os.iso', devicePath: '/dev/sdX', platform: 'linux', ...request },
    { cwd, ...(inspector === undefined ? {} : { inspector }) },
  );
  expect(parseDocument(formatDocument(document))).toEqual(document);
  expect(document.fields.map(({ key }) => key)).toEqual(KEYS);
  return Object.fromEntries(document.fields.map(({ key, value }) => [key, value]));
}

describe('usbWriteCommand', () => {
  it('the Linux template is printed without a device', async () => {
    expect(await run({})).toMatchObject({
      platform: 'linux',
      iso_path: 'os.iso',
      iso_exists: '1',
      iso_size_bytes: String(BOOT_ISO.length),
      iso_measurement: `sha256:${sha256Of(BOOT_ISO)}`,
      device_path: '/dev/sdX',
      device_path_valid: '1',
      device_path_blocked: '0',
      device_path_placeholder: '1',
      device_inspected: '0',
      device_whole_disk: 'unknown',
      device_large_enough: 'unknown',
      device_blocked_reason: 'none',
      usb_write_command_ready: '1',
      pre_write_unmount_command: 'not-required-for-linux-template',
      usb_write_command: "sudo dd if='os.iso' of='/dev/sdX' bs=4M conv=fsync status=progress",
      post_write_command: 'sync',
      device_blocked_next_step: 'none',
      pre_write_check_command: "sudo blockdev --rereadpt '/dev/sdX'",
      post_write_verify_command: `sudo dd if='/dev/sdX' bs=4M iflag=direct status=none count=1 | head -c ${BOOT_ISO.length} | cmp - 'os.iso'`,
    });
  });

  it('the macOS template is printed without a device', async () => {
    expect(await run({ platform: 'macos', devicePath: '/dev/rdiskN' })).toMatchObject({
      platform: 'macos',
      usb_write_command_ready: '1',
      pre_write_unmount_command: "diskutil unmountDisk '/dev/diskN'",
      usb_write_command: "sudo dd if='os.iso' of='/dev/rdiskN' bs=4m",
      pre_write_check_command: 'not-required-for-macos-template',
      post_write_verify_command: `sudo dd if='/dev/rdiskN' bs=4m count=1 | head -c ${BOOT_ISO.length} | cmp - 'os.iso'`,
    });
  });

  it('the command is not ready without an image', async () => {
    expect(await run({ isoPath: 'gone.iso' })).toMatchObject({
      iso_exists: '0',
      iso_size_bytes: 'missing',
      iso_measurement: 'missing',
      device_path_blocked: '0',
      usb_write_command_ready: '0',
      post_write_verify_command: 'unavailable-iso-missing',
    });
  });

  it.each<[string, Uint8Array | string, string]>([
    ['an HTML page', `<!doctype html>${' '.repeat(77)}`, 'found an HTML page'],
    ['no byte', '', 'found an empty file'],
    ['text', 'hello\n', 'found text'],
    ['a qcow2 image', QCOW2_DISK, 'found a qcow2 image'],
    ['a raw disk', RAW_DISK, 'found a raw disk image'],
    ['half of an ISO', BOOT_ISO.subarray(0, BOOT_ISO.length / 2), 'the volume has'],
  ])('a file of %s that is named as an ISO is refused by what was found', async (_, bytes, found) => {
    await writeFile(join(cwd, 'x.iso'), bytes);
    await expect(run({ isoPath: 'x.iso', expectSha256: '0'.repeat(64) })).rejects.toMatchObject({
      name: 'UsbCommandError',
      code: 'bad-image',
      kind: 'data',
      message: expect.stringMatching(new RegExp(`^x\\.iso: .*${found}`)),
    });
  });

  it.each([
    ['linux', '/dev/sdX'],
    ['macos', '/dev/rdiskN'],
    ['linux', '/dev/sdb'],
  ] as const)(
    'an ISO that firmware starts from a disc alone is blocked on %s for %s',
    async (platform, devicePath) => {
      await writeFile(join(cwd, 'disc.iso'), PLAIN_ISO);
      const request = { isoPath: 'disc.iso', platform, devicePath };
      const document = await run(request, inspectorOf({}));
      expect(document).toMatchObject({
        iso_exists: '1',
        device_path_valid: '1',
        device_path_blocked: '1',
        device_blocked_reason: 'iso-not-usb-bootable',
        device_blocked_next_step: expect.stringContaining('starts from a stick'),
        usb_write_command_ready: '0',
        pre_write_check_command: WITHHELD,
        usb_write_command: WITHHELD,
        post_write_verify_command: WITHHELD,
      });
    },
  );

  it('what speaks against the device is said before what speaks against the image', async () => {
    await writeFile(join(cwd, 'disc.iso'), PLAIN_ISO);
    expect(await run({ isoPath: 'disc.iso', devicePath: '/dev/sda' })).toMatchObject({
      device_blocked_reason: 'system-disk-name',
    });
  });

  it('a folder is refused for an image', async () => {
    await mkdir(join(cwd, 'folder.iso'));
    await expect(run({ isoPath: 'folder.iso' })).rejects.toMatchObject({ code: 'not-regular', kind: 'data' });
  });

  it('paths that no command can carry are refused', async () => {
    await expect(run({ isoPath: 'a\nb.iso' })).rejects.toMatchObject({ code: 'unprintable', kind: 'data' });
  });

  it.each([
    ['linux', '/dev/sdb'],
    ['linux', '/dev/disk/by-id/usb-stick'],
    ['macos', '/dev/rdisk4'],
  ] as const)(
    'the command on %s is not ready for a real device %s that nobody looked at',
    async (platform, devicePath) => {
      expect(await run({ platform, devicePath })).toMatchObject({
        device_path_valid: '1',
        device_path_blocked: '1',
        device_inspected: '0',
        device_blocked_reason: 'not-inspected',
        usb_write_command_ready: '0',
        pre_write_check_command: WITHHELD,
        usb_write_command: WITHHELD,
        post_write_verify_command: WITHHELD,
      });
    },
  );

  it.each(['/dev/sdb', '/dev/disk/by-id/usb-stick'])(
    'the command is ready for an inspected stick %s',
    async (devicePath) => {
      expect(await run({ devicePath }, inspectorOf({}))).toMatchObject({
        device_path: devicePath,
        device_path_valid: '1',
        device_path_blocked: '0',
        device_path_placeholder: '0',
        device_inspected: '1',
        device_whole_disk: '1',
        device_removable: '1',
        device_mounted: '0',
        device_backs_system: '0',
        device_holds_iso: '0',
        device_size_bytes: '8000000000',
        device_large_enough: '1',
        device_blocked_reason: 'none',
        usb_write_command_ready: '1',
        pre_write_check_command: `sudo blockdev --rereadpt '${devicePath}'`,
        usb_write_command: `sudo dd if='os.iso' of='${devicePath}' bs=4M conv=fsync status=progress`,
      });
    },
  );

  it.each([
    ['/dev/disk/by-id/ata-system', 'system-disk-name', '1'],
    ['/dev/disk/by-id/usb-stick-part1', 'partition', '0'],
    ['/dev/disk/by-id/gone', 'not-found', '1'],
    ['/dev/sdc', 'not-found', '1'],
  ])('the device %s is blocked for %s', async (devicePath, reason, valid) => {
    expect(await run({ devicePath }, inspectorOf({}))).toMatchObject({
      device_path_valid: valid,
      device_path_blocked: '1',
      device_blocked_reason: reason,
      usb_write_command_ready: '0',
      usb_write_command: WITHHELD,
    });
  });

  it('a mounted device gets an unmount command, and is ready only afterwards', async () => {
    const facts = { mounted: 1, mountedNodes: ['/dev/sdb1', '/dev/sdb1', '/dev/sdb2'] } as const;
    expect(await run({ devicePath: '/dev/sdb' }, inspectorOf(facts))).toMatchObject({
      device_mounted: '1',
      device_blocked_reason: 'mounted',
      usb_write_command_ready: '0',
      pre_write_unmount_command:
        "sudo umount '/dev/sdb1' && sudo umount '/dev/sdb1' && sudo umount '/dev/sdb2'",
      usb_write_command: WITHHELD,
    });
  });

  it('what is mounted in a container only has no unmount command, and the next step says how to find it', async () => {
    const document = await run({ devicePath: '/dev/sdb' }, inspectorOf({ mounted: 1, mountedNodes: [] }));
    expect(document).toMatchObject({ device_blocked_reason: 'mounted', pre_write_unmount_command: WITHHELD });
    expect(document.device_blocked_next_step).toContain('/proc/[0-9]*/mountinfo');
  });

  it.each(['partial-view', 'view-unknown', 'root-on-no-disk'] as const)(
    'what %s leaves unknown is blocked for that cause, and the next step says what to run where',
    async (obstacle) => {
      const facts = { mounted: 'unknown', backsSystem: 'unknown', obstacle } as const;
      const document = await run({ devicePath: '/dev/sdb' }, inspectorOf(facts));
      expect(document).toMatchObject({
        device_mounted: 'unknown',
        device_blocked_reason: obstacle,
        usb_write_command_ready: '0',
        usb_write_command: WITHHELD,
      });
      expect(document.device_blocked_next_step).toMatch(/ on (the|a) machine /);
    },
  );

  it('the image that is expected is taken, in either case of its digest, and no other is', async () => {
    const digest = sha256Of(BOOT_ISO);
    for (const expectSha256 of [digest, digest.toUpperCase()]) {
      expect(await run({ expectSha256 })).toMatchObject({ usb_write_command_ready: '1' });
    }
    await expect(
      run({ expectSha256: digest.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
    ).rejects.toMatchObject({
      code: 'iso-differs',
      kind: 'data',
    });
    for (const expectSha256 of ['', digest.slice(1), `${digest}0`, `sha256:${digest}`, ` ${digest}`]) {
      await expect(run({ expectSha256 })).rejects.toMatchObject({ code: 'bad-request', kind: 'usage' });
    }
  });

  it('an image that is not there is answered with that, whatever digest is expected of it', async () => {
    expect(await run({ isoPath: 'gone.iso', expectSha256: '0'.repeat(64) })).toMatchObject({
      iso_exists: '0',
      usb_write_command_ready: '0',
    });
  });

  it('a blocked name is not accepted where the machine tells no serial number', async () => {
    const accepted = { name: 'disk0', serial: 'X1' };
    const document = await run(
      { platform: 'macos', devicePath: '/dev/disk0', accepted },
      {
        locate: async (node) => ({ node }),
        inspect: async () => ({ inspected: true, facts: STICK }),
      },
    );
    expect(document).toMatchObject({ device_blocked_reason: 'serial-unknown', usb_write_command: WITHHELD });
  });

  it('nothing that the system stands on is offered to be unmounted', async () => {
    const facts = { mounted: 1, backsSystem: 1, mountedNodes: ['/dev/sdb1'] } as const;
    expect(await run({ devicePath: '/dev/sdb' }, inspectorOf(facts))).toMatchObject({
      device_blocked_reason: 'backs-system',
      pre_write_unmount_command: 'not-required-for-linux-template',
    });
  });

  it('any path is written so that the shell hands it to dd and cmp unchanged', async () => {
    const name = fc.string({ unit: fc.constantFrom(...`a-'"$\`\\ ,:;&|*é漢=`), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(name, async (isoPath) => {
        await writeFile(join(cwd, isoPath), BOOT_ISO);
        const { usb_write_command: write = '', post_write_verify_command: verify = '' } = await run({
          isoPath,
        });
        expect(parseCommand(write)).toEqual([
          'sudo',
          'dd',
          `if=${isoPath}`,
          'of=/dev/sdX',
          'bs=4M',
          'conv=fsync',
          'status=progress',
        ]);
        const compare = verify.split(` | head -c ${BOOT_ISO.length} | `)[1];
        expect(parseCommand(compare ?? '')).toEqual([
          'cmp',
          '-',
          isoPath.startsWith('-') ? `./${isoPath}` : isoPath,
        ]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('choosePlatform', () => {
  it("the platform is the machine's for auto, and otherwise the one that was asked for", () => {
    expect(choosePlatform('auto', 'linux')).toBe('linux');
    expect(choosePlatform('auto', 'darwin')).toBe('macos');
    expect(choosePlatform('macos', 'linux')).toBe('macos');
    expect(choosePlatform('linux', 'win32')).toBe('linux');
    expect(() => choosePlatform('auto', 'win32')).toThrow('win32');
  });
});

describe('planUsbWrite', () => {
  const plan = (request: Partial<UsbWriteRequest>, facts: Partial<DeviceFacts> = {}) =>
    planUsbWrite(
      { isoPath: 'os.iso', devicePath: '/dev/sdb', platform: 'linux', ...request },
      { cwd, inspector: inspectorOf(facts) },
    );

  it.each<[Partial<UsbWriteRequest>, Partial<DeviceFacts>]>([
    [{}, {}],
    [{ devicePath: '/dev/sdX' }, {}],
    [{ devicePath: '/dev/sda' }, {}],
    [{ devicePath: 'nonsense' }, {}],
    [{ isoPath: 'gone.iso' }, {}],
    [{ platform: 'macos', devicePath: '/dev/rdiskN' }, {}],
    [{}, { mounted: 1, mountedNodes: ['/dev/sdb1'] }],
    [{}, { sizeBytes: 512 }],
  ])('the plan of %j with %j says what the document says', async (request, facts) => {
    const { ready, reason, nextStep, iso, commands, device } = await plan(request, facts);
    const values = await run({ devicePath: '/dev/sdb', ...request }, inspectorOf(facts));
    expect({
      usb_write_command_ready: ready ? '1' : '0',
      device_blocked_reason: reason ?? 'none',
      device_blocked_next_step: nextStep ?? 'none',
      iso_size_bytes: String(iso?.size ?? 'missing'),
      device_path_valid: device.valid ? '1' : '0',
    }).toEqual(
      Object.fromEntries(
        [
          'usb_write_command_ready',
          'device_blocked_reason',
          'device_blocked_next_step',
          'iso_size_bytes',
          'device_path_valid',
        ].map((key) => [key, values[key]]),
      ),
    );
    const said = {
      unmount: values.pre_write_unmount_command,
      check: values.pre_write_check_command,
      write: values.usb_write_command,
      verify: values.post_write_verify_command,
    };
    for (const [name, command] of Object.entries(said)) {
      const isCommand = /^(?:sudo|diskutil) /.test(command ?? '');
      expect(commands[name as keyof typeof said]).toBe(isCommand ? command : undefined);
    }
    if (!ready && reason !== undefined)
      expect([commands.write, commands.sync, commands.verify]).toEqual([undefined, undefined, undefined]);
  });

  it('the fixture is no argument, and a relative path starts from the current folder', async () => {
    const document = await usbWriteCommand({
      isoPath: join(cwd, 'os.iso'),
      devicePath: '/dev/sdX',
      platform: 'linux',
    });
    expect(document.fields.find(({ key }) => key === 'manifest_path')?.value).toBe('none');
  });

  it('the measuring ends when it is told to', async () => {
    const ended = planUsbWrite(
      { isoPath: 'os.iso', devicePath: '/dev/sdb', platform: 'linux' },
      { cwd, inspector: inspectorOf({}), signal: AbortSignal.abort() },
    );
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  });
});
