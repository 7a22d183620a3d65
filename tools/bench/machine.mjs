// SPDX-License-Identifier: Apache-2.0
/** What a table was measured on: the paragraph that stands above it in the page. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';

/** The packages of Debian that hold what a table compares with. */
const PEERS = {
  small: ['qemu-system-x86', 'grub-common', 'mtools', 'ovmf'],
  large: ['openssl', 'coreutils'],
  images: ['qemu-utils', 'xorriso', 'genisoimage', 'tar'],
  seal: ['aide', 'hashdeep', 'openssl', 'coreutils', 'findutils'],
  many: ['coreutils'],
  linux: ['qemu-system-x86', 'erofs-utils', 'squashfs-tools', 'cryptsetup-bin', 'grub-common', 'openssl'],
};

/** How dpkg-query is asked for a version, in its own words. */
const VERSION = ['$', '{Version}'].join('');

const HOW = {
  growth: 'the least of up to seven runs of what is quick, one of what is not',
};

/** Returns what a command prints, or undefined where it cannot be run or fails. */
const told = (...argv) => {
  const { status, stdout } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** Returns the version of a package of Debian as its authors count, without what Debian adds; undefined where it is not installed. */
export function upstreamVersion(version) {
  return /^(?:\d+:)?([^-+~]+)/.exec(version ?? '')?.[1];
}

/**
 * Returns the date, the machine and what is on it, in one paragraph that begins with the date.
 * @param table its name, as `pnpm bench --only` takes it
 * @param folder where files are made
 * @param loadBefore how many processes ran on average in the minute before it began
 */
export function aboutRun(table, runs, folder, loadBefore) {
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  const place = execFileSync('df', ['--output=fstype', folder], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1);
  const peers = (PEERS[table] ?? []).flatMap((name) => {
    const version = upstreamVersion(told('dpkg-query', '-W', '-f', VERSION, name));
    return version === undefined ? [] : [`${name} ${version}`];
  });
  const { model } = cpus()[0] ?? { model: 'unknown' };
  return [
    `${new Date().toISOString().slice(0, 10)}, ${system}, Linux ${release()}, ${place}, page cache warm;`,
    `Node ${process.versions.node}, ${cpus().length} × ${model.trim()}, load ${loadBefore.toFixed(1)} when it began, ${loadavg()[0].toFixed(1)} when it ended;`,
    `${HOW[table] ?? (runs === 1 ? 'one run each' : `${runs} runs each, medians`)}. \`pnpm bench --only ${table}\` makes it.`,
    ...(peers.length > 0 ? [`Beside it: ${peers.join(', ')}.`] : []),
  ].join(' ');
}
