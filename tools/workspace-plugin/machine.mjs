// SPDX-License-Identifier: Apache-2.0
/**
 * Prints a digest of what the machine has to run: the kernel, every file on PATH and in the sbin folders by its size and
 * time, and Debian's list of installed packages, which stands for libraries and firmware. A result of tests that run
 * programs holds as long as this is the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';

const PACKAGES = '/var/lib/dpkg/status';

const hash = createHash('sha256').update(`${release()}\0${process.getuid?.()}\0`);
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
for (const folder of new Set(folders.filter((name) => name !== '' && existsSync(name)))) {
  for (const name of readdirSync(folder).sort()) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    hash.update(`${join(folder, name)}\0${stats?.size}\0${stats?.mtimeMs}\0`);
  }
}
if (existsSync(PACKAGES)) hash.update(readFileSync(PACKAGES));
process.stdout.write(`${hash.digest('hex')}\n`);
