// SPDX-License-Identifier: Apache-2.0
/**
 * Measures what docs/benchmarks.md says, side by side in one run, and prints it as that page's table:
 *
 *   node tools/bench/bench.mjs [runs]            (after `pnpm build`; 15 runs each unless given)
 *   node tools/bench/bench.mjs --start [--node <path>]... [runs]    (9 runs of ten; start-up, by this Node or by those that are named)
 *   node tools/bench/bench.mjs --large [runs]    (5 runs; what takes long on artifacts of 4 GiB)
 *   node tools/bench/bench.mjs --images [runs]   (5 runs; images of disks, ISOs and archives, by the libraries)
 *   node tools/bench/bench.mjs --seal [runs]     (5 runs; Latticra Seal on many files and on a large one)
 *   node tools/bench/bench.mjs --many [runs]     (5 runs; boot records by the thousand)
 *   node tools/bench/bench.mjs --building [runs] (3 runs; this repository built, and its boots out of the cache)
 *   node tools/bench/bench.mjs --growth --pictures docs    (time and memory by size, and two pictures of them)
 *   node tools/bench/bench.mjs --linux my-debian [runs]    (5 runs; a Linux system, out of the folder of docs/linux.md;
 *                                                          under ten minutes: rows that take long are of fewer runs)
 *
 * With `--scale 0.01` --large, --images, --seal, --many and --growth take a hundredth of all counts and sizes: to try them out.
 *
 * Whole processes, start to end. A yardstick whose program is missing is named and left out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { archiveRows } from './archives.mjs';
import { buildingRows } from './building.mjs';
import './certificates.mjs';
import { compare } from './compare.mjs';
import { GROWTH_HEAD, growthRows } from './growth/main.mjs';
import { largeRows } from './large.mjs';
import { linuxRows } from './linux.mjs';
import { aboutRun } from './machine.mjs';
import { manyRows } from './many.mjs';
import { sealRows } from './seal.mjs';
import { startRows } from './start.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    start: { type: 'boolean' },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    large: { type: 'boolean' },
    images: { type: 'boolean' },
    seal: { type: 'boolean' },
    many: { type: 'boolean' },
    building: { type: 'boolean' },
    growth: { type: 'boolean' },
    pictures: { type: 'string', default: '.' },
    linux: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const TABLE =
  ['start', 'large', 'images', 'seal', 'many', 'building', 'growth', 'linux'].find(
    (name) => values[name] !== undefined,
  ) ?? 'small';
/** How often each thing is run, unless that is given. */
const USUAL_RUNS = { start: 9, small: 15, large: 5, images: 5, seal: 5, many: 5, building: 3, linux: 5 };
const RUNS = Number(positionals[0] ?? USUAL_RUNS[TABLE] ?? 1);
const HEADS = {
  start: '| what | Node | takes | `node -e 0` | ratio: median, of the least | goal |',
  usual: '| what | takes | beside | takes | ratio | goal |',
};
const folder = mkdtempSync(join(tmpdir(), 'latticra-bench-'));
const node = process.execPath;
const app = (name, ...args) => ({
  argv: [node, join(ROOT, 'apps', name, 'dist/main.cjs'), ...args],
  cwd: folder,
});
const has = (program) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const rows = [];
const add = (...cells) => {
  rows.push(`| ${cells.join(' | ')} |`);
  process.stderr.write(`${rows.at(-1)}\n`);
};
const fact = (what, value, goal) => add(what, value, '', '', '', goal);
const row = (what, beside, result, goal) => {
  const seconds = (value) => (Number.isNaN(value) ? '' : `${value.toFixed(3)} s`);
  const ratio = Number.isNaN(result.ratio) ? '' : result.ratio.toFixed(2);
  add(what, seconds(result.a), beside, seconds(result.b), ratio, goal);
};

function usualRows() {
  const rehearse = app('latticra', 'rehearse', '--emulator', 'v86', '--output-dir', 'rehearsal');
  row('`latticra rehearse --emulator v86`', '', compare(rehearse, undefined, RUNS), 'at most 3 s');

  const build = app('boot-seed-build', '--output-dir', 'seed');
  const kernel = join(folder, 'seed/latticra-boot-seed.elf');
  execFileSync(build.argv[0], build.argv.slice(1), { cwd: folder });
  if (has('grub-mkrescue')) {
    const tree = join(folder, 'tree/boot/grub');
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, 'grub.cfg'), 'set timeout=0\nmenuentry seed { multiboot2 /boot/seed.elf }\n');
    writeFileSync(join(folder, 'tree/boot/seed.elf'), readFileSync(kernel));
    const grub = { argv: ['grub-mkrescue', '-o', 'grub.iso', 'tree'], cwd: folder };
    row('`boot-seed-build`, ISO', '`grub-mkrescue`', compare(build, grub, RUNS), 'at most 0.3 s');
  } else process.stderr.write('left out: grub-mkrescue is missing\n');

  const disk = app('boot-seed-vm-image-build', '--kernel', kernel, '--output-dir', 'vm');
  if (has('mcopy')) {
    // What the same partition takes with mtools: format it, make the folders, copy loader and kernel in.
    execFileSync(disk.argv[0], disk.argv.slice(1), { cwd: folder });
    const script = [
      'rm -f esp.img; truncate -s 62M esp.img; mformat -i esp.img -v LATTICRA ::',
      'mmd -i esp.img ::/EFI ::/EFI/BOOT ::/boot',
      `mcopy -i esp.img vm/BOOTX64.EFI ::/EFI/BOOT; mcopy -i esp.img ${kernel} ::/boot/kernel.elf`,
    ].join('; ');
    const mtools = { argv: ['sh', '-c', script], cwd: folder };
    row(
      '`boot-seed-vm-image-build`, ESP and qcow2',
      '`mformat`, `mmd`, `mcopy`, ESP alone',
      compare(disk, mtools, RUNS),
      'none',
    );
  } else process.stderr.write('left out: mtools is missing\n');

  if (has('qemu-system-x86_64')) {
    const iso = join(folder, 'seed/latticra-boot-seed.iso');
    const smoke = app('boot-seed-qemu-smoke', '--iso', iso, '--emulator', 'qemu', '--output-dir', 'smoke');
    const bare = (machine, firmware) => ({
      argv: [
        ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-machine', `${machine},accel=tcg`],
        ...['-m', '256M', '-smp', '1', '-nic', 'none', '-vga', 'std', '-display', 'none', '-no-reboot'],
        ...firmware,
        ...['-drive', `if=none,id=boot,format=raw,readonly=on,media=cdrom,file=${iso}`],
        ...['-device', 'ide-cd,drive=boot,bootindex=0', '-serial', 'file:bare.log'],
        ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
      ],
      cwd: folder,
      expected: 33,
    });
    row(
      '`boot-seed-qemu-smoke` under SeaBIOS, whole process',
      'bare QEMU',
      compare(smoke, bare('pc', []), RUNS),
      'at most 1.1, see below',
    );
    const [code, vars] = ['CODE', 'VARS'].map((part) => `/usr/share/OVMF/OVMF_${part}_4M.fd`);
    if (existsSync(code) && existsSync(vars)) {
      const flash = (unit, file, more) => ['-drive', `if=pflash,unit=${unit},format=raw,file=${file}${more}`];
      const uefi = bare('q35', [...flash(0, code, ',readonly=on'), ...flash(1, vars, ',snapshot=on')]);
      const smokeUefi = { ...smoke, argv: [...smoke.argv, '--firmware', 'uefi'] };
      row(
        '`boot-seed-qemu-smoke` under OVMF 4M, whole process',
        'bare QEMU',
        compare(smokeUefi, uefi, Math.ceil(RUNS / 3)),
        'at most 1.1',
      );
    } else process.stderr.write('left out: OVMF is missing\n');
  } else process.stderr.write('left out: qemu-system-x86_64 is missing\n');
}

try {
  const outside = { row, fact, has, folder, app, runs: RUNS, add, scale: Number(values.scale) };
  const [loadBefore] = loadavg();
  const make = {
    start: () => startRows({ ...outside, nodes: values.node.map((path) => resolve(path)) }),
    small: usualRows,
    large: () => largeRows(outside),
    images: () => archiveRows(outside),
    seal: () => sealRows(outside),
    many: () => manyRows(outside),
    building: () => buildingRows(outside),
    growth: () => growthRows({ ...outside, pictures: resolve(values.pictures) }),
    linux: () => linuxRows({ ...outside, inputs: resolve(values.linux) }),
  };
  await make[TABLE]();
  const head =
    TABLE === 'growth' ? GROWTH_HEAD : [HEADS[TABLE] ?? HEADS.usual, '| --- | --- | --- | --- | --- | --- |'];
  process.stdout.write([`${aboutRun(TABLE, RUNS, folder, loadBefore)}\n`, ...head, ...rows, ''].join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
