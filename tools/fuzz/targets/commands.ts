// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { readEpoch } from '../../../packages/boot-seed/src/image/identity.js';
import { parseFlags } from '../../../packages/lane/src/index.js';
import { isUrl, writtenRunbook } from '../../../packages/manifest/src/artifact/recovery.js';
import { parseOptions } from '../../../packages/qemu-argv/src/index.js';
import { formatCommand, parseCommand } from '../../../packages/shell-words/src/index.js';
import { judgeName } from '../../../packages/usb-cmd/src/index.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { bytesOf } from './bytes.js';

/** One flag of every kind. */
const FLAGS = {
  image: { value: 'path', help: '', required: true },
  sbom: { value: 'paths', help: '' },
  name: { value: 'text', help: '', default: 'a', short: 'n' },
  format: { value: 'choice', choices: ['raw', 'iso'], help: '' },
  size: { value: 'integer', min: 1, max: 99, help: '' },
  json: { value: 'none', help: '' },
} as const;

const MOST_WORDS = 10_000;

/** Readers of words: arguments, commands, options, names. */
export const commandTargets: readonly FuzzTarget[] = [
  {
    name: 'flags',
    seeds: () => [bytesOf('--image\na.iso\n--sbom\nb\nc\n--format=raw\n--size\n7\n--json\n-n\nx')],
    words: [
      '--',
      '\n--',
      '=',
      '-n',
      '--__proto__',
      '--no-json',
      '--image=',
      '\n\n',
      '\ufffd',
      '1e3',
      '\u202e',
    ],
    // A system passes no more than some megabytes, and Node takes a step for each pair of words.
    run: ({ text }) => parseFlags(text.split('\n', MOST_WORDS), FLAGS),
  },
  {
    name: 'shellCommand',
    seeds: () => [bytesOf(`qemu-system-x86_64 -drive 'file=/a b,,c,format=raw' "x\\"y" z\\ z`)],
    words: ["'", '"', '\\', "'\\''", '$', '`', '\n', '#', '~', '"\\\n"'],
    run({ text }) {
      const words = parseCommand(text);
      // A command is no argv when it has no words; some that are read cannot be written in a line.
      const line = words.length === 0 ? undefined : unlessRefused(() => formatCommand(words));
      hold(
        line === undefined || isDeepStrictEqual(parseCommand(line), words),
        'a command is written otherwise',
      );
    },
  },
  {
    name: 'qemuOptions',
    seeds: () => [bytesOf('file=/a,,b,format=raw,if=none,id=boot,readonly=on'), bytesOf('pc-q35-7.2,smm=on')],
    words: [',,', ',', '=', ',=', ',,,'],
    run: ({ text }) => parseOptions(text),
  },
  {
    name: 'deviceName',
    seeds: () => ['/dev/sdb', '/dev/disk4', '/dev/disk/by-id/usb-x', '/dev/nvme0n1p1'].map(bytesOf),
    words: ['/dev/', '../', '//', 'mmcblk0', 'rdisk'],
    run({ text }) {
      judgeName(text, 'linux');
      judgeName(text, 'macos');
    },
  },
  {
    name: 'recoveryPath',
    seeds: () => ['https://example.org/a', './recovery.md', 'c:d'].map(bytesOf),
    words: ['https://', 'http://', ':', '[::1]', '%', ' '],
    run({ text }) {
      isUrl(text);
      hold(!isUrl(writtenRunbook(text)) || isUrl(text), 'a file is taken for an address');
    },
  },
  {
    name: 'sourceDateEpoch',
    seeds: () => ['0', '1700000000'].map(bytesOf),
    words: ['-', 'e', '.', '0x', ' '],
    run({ text }) {
      const epoch = readEpoch({ SOURCE_DATE_EPOCH: text });
      hold(Number.isSafeInteger(epoch) && epoch >= 0, 'a time is no whole number of seconds');
    },
  },
];
