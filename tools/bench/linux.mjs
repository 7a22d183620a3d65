// SPDX-License-Identifier: Apache-2.0
/** The rows of `bench.mjs --linux <folder>`: a Linux system as a release, out of the folder that docs/linux.md makes. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, compareFully } from './compare.mjs';
import { peakMib } from './peak.mjs';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const INPUTS = ['vmlinuz', 'initrd.img', 'rootfs.tar'];
/** What the commands make, and nothing else of these rows. */
const MADE = ['root.img', 'other.img', 'other.sqfs', 'other.verity', 'tree2', 'release', 'copy'];

/**
 * Measures the build of a system.
 * @param options.inputs the folder with its kernel, initramfs and root
 */
export function linuxRows({ row, fact, has, folder, app, runs, inputs }) {
  const [kernel, initramfs, rootfs] = INPUTS.map((name) => join(inputs, name));
  const missing = INPUTS.filter((name) => !existsSync(join(inputs, name)));
  if (missing.length > 0) throw new Error(`${inputs} has no ${missing.join(', ')}: docs/linux.md makes them`);
  const sh = (text) => ({ argv: ['sh', '-c', text], cwd: folder });
  /** Rows of the seconds from start to end, of the least of them, and of those that processors were busy. */
  const rows = (what, beside, a, b, goal) => {
    if (!has('/usr/bin/time')) return row(what, beside, compare(a, b, runs), goal);
    const { usual, least, work } = compareFully(a, b, runs);
    row(what, beside, usual, goal);
    row('the same, the least of all runs', beside, least, goal);
    row('the same, in seconds of processors', beside, work, 'none');
  };

  /**
   * Every image is a new file, and what either of the two made before is taken away while no time is measured: what the
   * system still had to write of it would keep the other one's disk and processors busy.
   */
  const anew = (command) => ({
    ...command,
    before: () => {
      for (const name of MADE) rmSync(join(folder, name), { recursive: true, force: true });
    },
  });
  const argv = [process.execPath, script('erofs.mjs'), rootfs, 'root.img'];
  const image = anew({ argv, cwd: folder });
  if (has('mkfs.erofs')) {
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    execFileSync('tar', ['-C', tree, '--no-same-owner', '--exclude=./dev/*', '-xf', rootfs], {
      stdio: 'pipe',
    });
    execFileSync('sync');
    const make = 'mkfs.erofs -T 0 -U 6f1c2a3b-0d4e-4f5a-8b6c-7d8e9fa0b1c2 other.img tree >/dev/null';
    const what = "a root's image out of its archive, with verity and digests";
    rows(what, '`mkfs.erofs` of the unpacked tree', image, anew(sh(make)), 'at most 1.0');
    if (has('mksquashfs')) {
      // Compressed it takes minutes, and is another thing.
      const flags = '-noI -noD -noF -noX -no-progress';
      const squash = anew(sh(`mksquashfs tree other.sqfs ${flags} >/dev/null`));
      rows(what, '`mksquashfs` without compression', image, squash, 'none');
    } else process.stderr.write('left out: mksquashfs is missing\n');
    if (has('veritysetup')) {
      const same = `${make}; veritysetup format other.img other.verity >/dev/null; openssl dgst -sha256 ${rootfs} other.img`;
      const unpack = `mkdir tree2; tar -C tree2 --no-same-owner --exclude='./dev/*' -xf ${rootfs}`;
      const all = anew(sh(`${unpack}; ${same}`));
      rows(what, '`tar`, `mkfs.erofs`, `veritysetup`, `openssl dgst`', image, all, 'below 1');
      all.before();
    } else process.stderr.write('left out: veritysetup is missing\n');
    rmSync(tree, { recursive: true });
  } else process.stderr.write('left out: mkfs.erofs is missing\n');

  const flags = ['--kernel', kernel, '--initramfs', initramfs, '--rootfs', rootfs, '--build-id', 'bench'];
  // On a busy host Linux may take the timer of an emulated machine for broken.
  flags.push('--command-line', 'no_timer_check');
  const build = anew(app('os-image-build', ...flags, '--output-dir', 'release'));
  execFileSync(build.argv[0], build.argv.slice(1), { cwd: folder, stdio: 'pipe' });
  execFileSync('cp', ['-r', 'release', 'made'], { cwd: folder });
  execFileSync('sync');
  const files = 'made/latticra-x86_64.iso made/latticra-x86_64.qcow2 made/latticra.efi';
  const copy = `mkdir copy; cp ${files} copy; openssl dgst -sha256 copy/*`;
  rows(
    '`os-image-build`, ISO and qcow2',
    '`cp`, then `openssl dgst -sha256`',
    build,
    anew(sh(copy)),
    'at most 1.5',
  );
  rows(
    '`os-image-build`, ISO and qcow2',
    '`cp`, `openssl dgst -sha256`, then `sync`',
    build,
    anew(sh(`${copy}; sync copy/*`)),
    'none',
  );
  process.stderr.write('left out: mkosi takes no archive, it installs the packages itself\n');
  build.before();
  if (has('/usr/bin/time')) fact('`os-image-build`, most memory', `${peakMib(build).toFixed(0)} MiB`, 'none');

  if (has('grub-mkrescue')) {
    const grub = join(folder, 'grub/boot/grub');
    mkdirSync(grub, { recursive: true });
    copyFileSync(kernel, join(folder, 'grub/boot/vmlinuz'));
    copyFileSync(initramfs, join(folder, 'grub/boot/initrd.img'));
    writeFileSync(
      join(grub, 'grub.cfg'),
      'linux /boot/vmlinuz console=ttyS0\ninitrd /boot/initrd.img\nboot\n',
    );
    const none = ['--kernel', kernel, '--initramfs', initramfs, '--root', 'none', '--formats', 'iso'];
    const alone = anew(app('os-image-build', ...none, '--build-id', 'bench', '--output-dir', 'release'));
    const rescue = sh('grub-mkrescue -o grub.iso grub 2>/dev/null');
    rows(
      '`os-image-build --root none`, ISO',
      '`grub-mkrescue` of kernel and initramfs',
      alone,
      rescue,
      'none',
    );
    alone.before();
  } else process.stderr.write('left out: grub-mkrescue is missing\n');

  if (!has('qemu-system-x86_64')) {
    process.stderr.write('left out: qemu-system-x86_64 is missing\n');
    return;
  }
  const machine = [
    'qemu-system-x86_64',
    '-nodefaults',
    '-no-user-config',
    '-machine',
    'pc,accel=tcg',
    '-m',
    '1024M',
  ];
  const quiet = ['-nic', 'none', '-vga', 'std', '-display', 'none', '-no-reboot'];
  const boot = (text, ...more) => ({
    argv: [process.execPath, script('boot-until.mjs'), text, ...machine, ...quiet, ...more],
    cwd: folder,
  });
  const disk = join(folder, 'made/latticra-x86_64.qcow2');
  const ours = boot(
    'Run /latticra/init as init process',
    ...['-drive', `if=none,id=boot,format=qcow2,snapshot=on,file=${disk}`],
    ...['-device', 'virtio-blk-pci,drive=boot,bootindex=0'],
  );
  const bare = boot(
    'Run /init as init process',
    ...['-kernel', kernel, '-initrd', initramfs, '-append', 'console=ttyS0 no_timer_check'],
  );
  rows('the disk by SeaBIOS, up to init', '`qemu -kernel -initrd`', ours, bare, 'at most 1.1');
}
