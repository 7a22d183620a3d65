// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Files of real tools: for which targets, and the commands that make `out` in a folder with a few files below `in`. */
const MAKERS: readonly { readonly targets: readonly string[]; readonly commands: readonly string[] }[] = [
  { targets: ['iso9660', 'inspectImage'], commands: ['xorriso -as mkisofs -quiet -R -J -o out in'] },
  { targets: ['fat', 'inspectImage'], commands: ['mkfs.fat -C -F 12 out 128', 'mcopy -s -i out in ::'] },
  {
    targets: ['gpt', 'inspectImage'],
    commands: ['truncate -s 256K out', 'sgdisk -a 1 -n 1:40:200 -t 1:ef00 out'],
  },
  {
    targets: ['qcow2', 'qcow2Check', 'inspectImage'],
    commands: ['qemu-img convert -c -O qcow2 -o cluster_size=4096 in/b out'],
  },
  {
    targets: ['qcow2', 'qcow2Check', 'inspectImage'],
    commands: [
      'qemu-img create -q -f qcow2 -o cluster_size=512,refcount_bits=1 out 64K',
      'qemu-img snapshot -c a out',
    ],
  },
  { targets: ['tar', 'inspectFile'], commands: ['tar --format=posix -cf out in'] },
  { targets: ['tar'], commands: ['tar --format=gnu -S -cf out in'] },
  { targets: ['gunzip'], commands: ['tar -czf out in'] },
  { targets: ['cpio', 'inspectFile'], commands: ['find in | cpio --quiet -o -H newc > out'] },
  { targets: ['elf', 'inspectFile'], commands: ['head -c 200000 /bin/true > out'] },
  { targets: ['inspectFile'], commands: ['mksquashfs in out -quiet -no-progress'] },
  { targets: ['inspectFile'], commands: ['truncate -s 512K out', 'mke2fs -q -F out'] },
  { targets: ['inspectFile'], commands: ['mkfs.erofs --quiet out in'] },
  { targets: ['mounts'], commands: ['cat /proc/self/mountinfo > out'] },
];

/** Where QEMU's firmware packages describe what they hold. */
const DESCRIPTORS = '/usr/share/qemu/firmware';

/** Makes sound inputs with the tools that this machine has, by target; says on stderr which it lacks. */
export function toolSeeds(): Readonly<Record<string, readonly Uint8Array[]>> {
  const seeds: Record<string, Uint8Array[]> = {};
  const add = (target: string, bytes: Uint8Array) => {
    seeds[target] = [...(seeds[target] ?? []), bytes];
  };
  for (const { targets, commands } of MAKERS) {
    const bytes = make(commands);
    if (bytes === undefined) process.stderr.write(`without a file of: ${commands[0]}\n`);
    else for (const target of targets) add(target, bytes);
  }
  for (const bytes of descriptors()) add('firmwareDescriptor', bytes);
  return seeds;
}

function descriptors(): Uint8Array[] {
  try {
    return readdirSync(DESCRIPTORS).map((name) => readFileSync(join(DESCRIPTORS, name)));
  } catch {
    return [];
  }
}

function make(commands: readonly string[]): Uint8Array | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-seed-'));
  try {
    mkdirSync(join(folder, 'in/folder with a long name'), { recursive: true });
    writeFileSync(join(folder, 'in/a.txt'), 'text\n');
    writeFileSync(join(folder, 'in/b'), Buffer.alloc(65_536, 'b'));
    writeFileSync(join(folder, 'in/folder with a long name/ä.conf'), '');
    const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1' };
    for (const line of commands) {
      execFileSync('sh', ['-c', line], { cwd: folder, env, stdio: ['ignore', 'ignore', 'ignore'] });
    }
    return readFileSync(join(folder, 'out'));
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
