// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LinuxView,
  linuxInspector,
  type MacosView,
  macosInspector,
} from '../../../packages/usb-cmd/src/index.js';
import { mountOf, parseMounts, parseSwaps } from '../../../packages/usb-cmd/src/linux/mounts.js';
import { parseDiskInfo } from '../../../packages/usb-cmd/src/macos/disk-info.js';
import { parseDiskList } from '../../../packages/usb-cmd/src/macos/disk-list.js';
import { parsePlist } from '../../../packages/usb-cmd/src/macos/plist.js';
import { CASES, STICK, SYSTEM, SYSTEM_MOUNTS } from '../../../packages/usb-cmd/test/linux/cases.js';
import { mountinfo, writeMachine } from '../../../packages/usb-cmd/test/linux/machine.js';
import { MAC_CASES, viewOf } from '../../../packages/usb-cmd/test/macos/cases.js';
import type { FuzzTarget } from '../engine/target.js';
import { answeringView, recordingView } from './answers.js';
import { bytesOf } from './bytes.js';

const ISO = { path: '/home/me/os.iso', size: 1 << 20 };
/** Cases that differ most: layers of devices, swap, other mount namespaces. */
const EVERY = 9;

async function linuxAnswers(): Promise<Uint8Array[]> {
  const seeds: Uint8Array[] = [];
  for (const spec of CASES.filter((_, index) => index % EVERY === 0)) {
    const root = await mkdtemp(join(tmpdir(), 'fuzz-machine-'));
    try {
      const disks = [spec.system ?? SYSTEM, ...(spec.disks ?? [STICK])];
      const mounts = [...(spec.onlyMounts === true ? [] : SYSTEM_MOUNTS), ...(spec.mounts ?? [])];
      const { view, answers } = recordingView(await writeMachine(root, { ...spec, disks, mounts }));
      await linuxInspector(view).inspect(spec.device ?? '/dev/sdb', ISO);
      seeds.push(bytesOf(answers()));
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }
  return seeds;
}

async function macAnswers(): Promise<Uint8Array[]> {
  const seeds: Uint8Array[] = [];
  for (const spec of MAC_CASES.filter((_, index) => index % EVERY === 0)) {
    const { view, answers } = recordingView(viewOf(spec));
    await macosInspector(view).inspect('/dev/disk4', ISO);
    seeds.push(bytesOf(answers()));
  }
  return seeds;
}

const plists = async () =>
  (await macAnswers()).flatMap((answers) =>
    [
      ...Buffer.from(answers)
        .toString()
        .matchAll(/<\?xml.*?<\/plist>\n/gs),
    ]
      .slice(0, 2)
      .map(([text]) => bytesOf(text)),
  );

/** Readers of what a machine says of its devices. */
export const deviceTargets: readonly FuzzTarget[] = [
  {
    name: 'plist',
    seeds: plists,
    words: [
      '<dict>',
      '</dict>',
      '<array>',
      '</array>',
      '<array/>',
      '<key>',
      '</key>',
      '<integer>',
      '&amp;',
      '&#x0;',
      '&#1114112;',
      '<real>1e999</real>',
      '<true/>',
    ],
    run({ text }) {
      parsePlist(text);
      parseDiskList(text);
      parseDiskInfo(text);
    },
  },
  {
    name: 'mounts',
    seeds: () => [
      bytesOf(mountinfo([...SYSTEM_MOUNTS])),
      bytesOf('Filename\tType\tSize\n/dev/sda2  partition\t1\t0\t-2\n'),
    ],
    words: [' - ', '\\040', '\\777', ' / ', '/dev/', ':/dev/', '0:0', 'logdev='],
    run({ text }) {
      parseSwaps(text);
      const mounts = parseMounts(text);
      if (mounts !== undefined) mountOf('/home/me/os.iso', mounts);
    },
  },
  {
    name: 'linuxDevice',
    seeds: linuxAnswers,
    words: [
      'holders',
      'slaves',
      'dm-0',
      '8:16',
      'E:ID_FS_TYPE=',
      'E:ID_FS_USAGE=',
      'removable',
      '/dev/sdb1',
      'loop/backing_file',
      '__proto__',
    ],
    run: ({ text }) => linuxInspector(answeringView(text) as LinuxView).inspect('/dev/sdb', ISO),
  },
  {
    name: 'macDevice',
    seeds: macAnswers,
    words: [
      '<dict>',
      '<array/>',
      '<key>',
      'disk4s1',
      '<integer>-1</integer>',
      '<true/>',
      '<string></string>',
    ],
    run: ({ text }) => macosInspector(answeringView(text) as MacosView).inspect('/dev/disk4', ISO),
  },
];
