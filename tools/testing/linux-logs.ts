// SPDX-License-Identifier: Apache-2.0
/**
 * Logs of Linux systems, written as Debian and Alpine write them, what is expected of each, and what everybody who judges one has
 * to say of it: the verdict itself, and the verification of a record of the boot matrix.
 */
import type { RowEnd } from './boot-logs.js';

/** What is expected of a system: the keys of vm-run's `SystemExpectation`, those that matter. */
export interface SystemRow {
  readonly lines?: readonly string[];
  readonly contains?: readonly string[];
  readonly patterns?: readonly string[];
  readonly prompt?: string;
  readonly forbid?: readonly string[];
  readonly forbidServices?: boolean;
  readonly buildId?: string;
  readonly exitCode?: number;
}

/** One boot of a Linux system. */
export interface LinuxRow {
  readonly name: string;
  readonly log: string;
  readonly end: RowEnd;
  readonly expect: SystemRow;
  /** The outcome, or the code of the failure. */
  readonly verdict: string;
}

/** A pattern, as systemd says that a target was reached. */
const REACHED = '^\\[ +OK +\\] Reached target \\S+';
const ID = '5f0c9d7be6d14f2ab1f3c8a0d9e4b726';
const text = (...lines: string[]) => lines.map((line) => `${line}\r\n`).join('');
const VERSION =
  '[    0.000000] Linux version 6.1.0-28-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1';
const COMMAND = `[    0.000000] Command line: console=ttyS0 latticra.build=${ID} root=/dev/dm-1`;
const KERNEL_COMMAND = `[    0.012345] Kernel command line: console=ttyS0 latticra.build=${ID} root=/dev/dm-1`;
/** GRUB draws with cursor movements; the stub and the kernel only write. */
const GRUB =
  "\u001b[0m\u001b[30;47m\u001b[37;40m\u001b[2J\u001b[01;01HBooting `Debian GNU/Linux'\r\n\r\nLoading Linux 6.1.0-28-cloud-amd64 ...\r\nLoading initial ramdisk ...\r\n";
const KERNEL = text(
  VERSION,
  COMMAND,
  '[    0.000000] BIOS-provided physical RAM map:',
  KERNEL_COMMAND,
  '[    1.204511] device-mapper: ioctl: 4.47.0-ioctl (2022-07-28) initialised: dm-devel@redhat.com',
  '[    1.310002] Run /latticra/init as init process',
);
const SYSTEMD = [
  text(
    '[    2.014409] systemd[1]: systemd 252.31-1~deb12u1 running in system mode (+PAM +AUDIT)',
    '',
    'Welcome to \u001b[1mDebian GNU/Linux 12 (bookworm)\u001b[0m!',
    '',
    '[\u001b[0;32m  OK  \u001b[0m] Created slice \u001b[0;1;39msystem-getty.slice\u001b[0m - Slice /system/getty.',
    '         Starting \u001b[0;1;39msystemd-journald.service\u001b[0m - Journal Service...',
  ),
  // Progress is drawn over itself.
  '[\u001b[0;31m*     \u001b[0m] (1 of 2) A start job is running for Journal Service (5s / no limit)\r',
  '\u001b[K[\u001b[0;32m  OK  \u001b[0m] Started \u001b[0;1;39msystemd-journald.service\u001b[0m - Journal Service.\r\n',
  text(
    '[\u001b[0;32m  OK  \u001b[0m] Reached target \u001b[0;1;39mmulti-user.target\u001b[0m - Multi-User System.',
  ),
].join('');
const LOGIN = '\r\nDebian GNU/Linux 12 kiosk ttyS0\r\n\r\nkiosk login: ';
const DEBIAN = `${GRUB}${KERNEL}${SYSTEMD}${LOGIN}`;
const ALPINE = [
  text(
    'ISOLINUX 6.04 6.04-pre1 ETCD Copyright (C) 1994-2015 H. Peter Anvin et al',
    '[    0.000000] Linux version 6.6.58-0-virt (buildozer@build-3-20-x86_64) (gcc (Alpine 13.2.1_git20240309) 13.2.1 20240309, GNU ld (GNU Binutils) 2.42) #1-Alpine SMP PREEMPT_DYNAMIC',
    '[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-virt modules=loop,squashfs,sd-mod,usb-storage quiet console=ttyS0',
    '[    0.911000] Run /init as init process',
    'Alpine Init 3.10.0-r0',
    '',
    '   OpenRC 0.54 is starting up Linux 6.6.58-0-virt (x86_64)',
    '',
    ' * /proc is already mounted',
    ' * Mounting /run ... [ ok ]',
    ' * Starting networking ... [ ok ]',
  ),
  '\r\nWelcome to Alpine Linux 3.20\r\nKernel 6.6.58-0-virt on an x86_64 (/dev/ttyS0)\r\n\r\nlocalhost login: ',
].join('');

const at = (line: string) => ({ kind: 'stopped', line }) as const;
const login = { expect: { prompt: 'login: ', buildId: ID }, end: at('login: ') } as const;
const booted = { ...login, verdict: 'booted' } as const;
const late = { kind: 'timeout', timeoutMs: 60_000 } as const;
const forbidden = { ...login, verdict: 'forbidden-line' } as const;
/** Puts lines between kernel and prompt. */
const among = (...lines: string[]) => `${KERNEL}${text(...lines)}${SYSTEMD}${LOGIN}`;
const stamp = (words: string) => `[    3.141592] ${words}`;

export const LINUX_ROWS: readonly LinuxRow[] = [
  { ...booted, name: 'Debian at its prompt', log: DEBIAN },
  { ...booted, name: 'Alpine at its prompt', log: ALPINE, expect: { prompt: 'login: ' } },
  {
    ...booted,
    name: 'a message of the kernel behind the prompt',
    log: `${DEBIAN}[   14.000001] random: crng init done\r\n`,
  },
  {
    ...booted,
    name: 'a message of the kernel behind the prompt that was cut off',
    log: `${DEBIAN}[   14.000001] random: crng init done\r\n[   15.12`,
  },
  { ...booted, name: 'the first sign of a message behind the prompt', log: `${DEBIAN}[   1` },
  { ...login, name: 'an answer in brackets', log: `${DEBIAN}[root`, verdict: 'missing-line' },
  {
    ...login,
    name: 'a prompt with an answer, and a message of the kernel behind that',
    log: `${DEBIAN}root\r\n[   14.000001] random: crng init done\r\n`,
    verdict: 'missing-line',
  },
  {
    ...booted,
    name: 'a target that was reached, drawn over progress and in colours',
    log: DEBIAN,
    expect: {
      lines: ['[  OK  ] Started systemd-journald.service - Journal Service.'],
      contains: ['Multi-User System.'],
      patterns: [REACHED],
    },
    end: at(REACHED),
  },
  {
    ...booted,
    name: 'a system that ends the machine itself',
    log: `${KERNEL}${text('ready')}`,
    expect: { contains: ['ready'], exitCode: 33 },
    end: { kind: 'exit', code: 33 },
  },
  {
    ...booted,
    name: 'a service that failed, where nobody asked about services',
    log: among('[\u001b[0;1;31mFAILED\u001b[0m] Failed to start \u001b[0;1;39mfoo.service\u001b[0m.'),
  },
  {
    ...forbidden,
    name: 'a service that failed',
    log: among('[\u001b[0;1;31mFAILED\u001b[0m] Failed to start \u001b[0;1;39mfoo.service\u001b[0m.'),
    expect: { ...login.expect, forbidServices: true },
  },
  {
    ...forbidden,
    name: 'what this expectation forbids',
    log: DEBIAN,
    expect: { ...login.expect, forbid: ['Slice /\\w+'] },
  },

  ...(
    [
      ['a panic', stamp('Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)')],
      [
        'a panic of the process 1',
        stamp('Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b'),
      ],
      ['an Oops', stamp('Oops: 0002 [#1] PREEMPT SMP NOPTI')],
      ['verity corruption', stamp('device-mapper: verity: 254:0: data block 4711 is corrupted')],
      ['verity corruption of its tree', stamp('device-mapper: verity: 254:0: metadata block 3 is corrupted')],
      [
        'the oom-killer',
        stamp('systemd-udevd invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE), order=0'),
      ],
      [
        'a process 1 that crashed',
        stamp('systemd[1]: segfault at 0 ip 00007f1e8a2b sp 00007ffd error 4 in libc.so.6'),
      ],
      ['a systemd that froze', stamp('systemd[1]: Freezing execution.')],
      [
        "systemd's emergency mode",
        'You are in emergency mode. After logging in, type "journalctl -xb" to view',
      ],
      [
        'an emergency shell that was started',
        '[  OK  ] Started \u001b[0;1;39memergency.service\u001b[0m - Emergency Shell.',
      ],
      ["dracut's shell", 'Entering emergency mode. Exit the shell to continue.'],
      ["the initramfs's shell", 'ALERT!  /dev/dm-1 does not exist.  Dropping to a shell!'],
      [
        "Alpine's recovery shell",
        "initramfs emergency recovery shell launched. Type 'exit' to continue boot",
      ],
      ["GRUB's error", "error: file `/boot/vmlinuz' not found."],
      ["GRUB's error about the initramfs", "error: file `/boot/initrd.img-6.1.0' not found."],
      ["GRUB's error about a partition", 'error: no such partition.'],
      ['an error of our loader', 'LATTICRA_LOADER_ERROR no kernel'],
      ["the stub's error", 'EFI stub: ERROR: Failed to load initrd!'],
    ] as const
  ).map(([name, line]) => ({ ...forbidden, name: `${name} on the way to a prompt`, log: among(line) })),
  {
    ...booted,
    name: 'a module that GRUB tried in vain',
    log: `error: file \`/boot/grub/x86_64-efi/part_acorn.mod' not found.\n${DEBIAN}`,
  },
  {
    ...forbidden,
    name: 'a panic in the middle of the last line',
    log: `${DEBIAN}[   15.000000] Kernel panic - not sync`,
  },
  {
    ...forbidden,
    name: 'a panic that was erased',
    log: among(`${stamp('Kernel panic - not syncing: gone')}\r\u001b[Kall is well`),
  },
  {
    ...forbidden,
    name: 'a panic in colours',
    log: among('\u001b[31mKernel \u001b[1mpanic\u001b[0m - not syncing'),
  },
  {
    ...forbidden,
    name: 'a panic after which the machine ended with 0',
    log: text(
      VERSION,
      stamp('Kernel panic - not syncing: No working init found.'),
      stamp('Rebooting in 1 seconds..'),
    ),
    end: { kind: 'exit', code: 0, shutdown: 'guest-reset' },
  },

  {
    ...login,
    name: 'an end with 0 and without a word of panic',
    log: KERNEL,
    end: { kind: 'exit', code: 0, shutdown: 'guest-reset' },
    verdict: 'exit-code',
  },
  { ...login, name: 'a time-out in the initramfs', log: KERNEL, end: late, verdict: 'timeout' },
  { ...login, name: 'a silent console', log: '', end: late, verdict: 'timeout' },
  { ...login, name: 'a prompt that came too late', log: DEBIAN, end: late, verdict: 'timeout' },

  { ...login, name: 'two boots', log: `${DEBIAN}\r\n${DEBIAN}`, verdict: 'replayed' },
  { ...login, name: 'a second boot behind the prompt', log: `${DEBIAN}${VERSION}`, verdict: 'replayed' },
  {
    ...login,
    name: 'a second boot without times',
    log: `${text('Linux version 6.1.0 (gcc)')}${DEBIAN}`,
    verdict: 'replayed',
  },
  {
    ...login,
    name: 'the command lines of two boots',
    log: `${text(COMMAND)}${DEBIAN}`,
    verdict: 'replayed',
  },
  { ...login, name: 'another build', log: DEBIAN.replaceAll(ID, 'other'), verdict: 'replayed' },
  { ...login, name: 'a longer build id', log: DEBIAN.replaceAll(ID, `${ID}0`), verdict: 'replayed' },
  {
    ...login,
    name: 'another build beside it',
    log: `${text('latticra.build=other')}${DEBIAN}`,
    verdict: 'replayed',
  },
  {
    ...login,
    name: 'two boots where nothing is expected of a build',
    log: `${text(VERSION)}${ALPINE}`,
    expect: { prompt: 'login: ' },
    verdict: 'replayed',
  },
  { ...login, name: 'no build id', log: ALPINE, verdict: 'missing-line' },
  {
    ...login,
    name: 'a build id that somebody else says',
    log: `${text(`kiosk: latticra.build=${ID}`)}${ALPINE}`,
    verdict: 'missing-line',
  },
  { ...login, name: 'a prompt with an answer', log: `${DEBIAN}root\r\n`, verdict: 'missing-line' },
  { ...login, name: 'a prompt that was cut off', log: DEBIAN.slice(0, -1), verdict: 'missing-line' },
  {
    ...login,
    name: 'a line that was never ended',
    log: `${KERNEL}kiosk: ready`,
    expect: { lines: ['kiosk: ready'] },
    end: at('kiosk: ready'),
    verdict: 'missing-line',
  },
  {
    ...login,
    name: 'a stop at something else',
    log: DEBIAN,
    end: at('kiosk login: '),
    verdict: 'stopped',
  },
  {
    ...login,
    name: 'a text that was erased',
    log: `${KERNEL}${text('kiosk: ready\r\u001b[Kkiosk: failed')}`,
    expect: { contains: ['ready'] },
    end: at('ready'),
    verdict: 'missing-line',
  },
];
