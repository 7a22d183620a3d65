// SPDX-License-Identifier: Apache-2.0
/**
 * Prints what a boot depends on besides its image: the version of QEMU and the digests of the firmware that is installed.
 * An input of every case's target, so that a record is made anew when one of these changes.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SHARE = ['/usr/local/share', '/opt/homebrew/share', '/usr/share'];

/**
 * Returns every folder in which `firmwareRoots` of @latticra/toolchain names a file. That package is not built yet
 * when Nx runs this, so they are listed again; a test compares the two.
 */
export function firmwareFolders(env = process.env) {
  const config = [env.XDG_CONFIG_HOME, env.HOME && join(env.HOME, '.config')].find(
    (folder) => folder && isAbsolute(folder),
  );
  return [
    ...(config === undefined ? [] : [join(config, 'qemu/firmware')]),
    '/etc/qemu/firmware',
    ...SHARE.flatMap((share) => ['qemu/firmware', 'qemu', 'seabios'].map((name) => join(share, name))),
    '/usr/share/OVMF',
    '/usr/share/edk2/ovmf',
    '/usr/share/edk2/x64',
  ];
}

/** Returns whether a file of that name in one of these folders is firmware, or describes some. */
export function isFirmwareName(name) {
  return /\.(bin|fd|json)$/.test(name);
}

/** Returns a line for each firmware and descriptor in the folders, and for each file that such a descriptor names. */
export function firmwareSums(folders) {
  const found = folders.flatMap((folder) =>
    (ifThere(() => readdirSync(folder)) ?? []).filter(isFirmwareName).map((name) => join(folder, name)),
  );
  const described = found.filter((path) => path.endsWith('.json')).flatMap(filesOfDescriptor);
  return [...new Set([...found, ...described])].sort().flatMap((path) => {
    const content = ifThere(() => readFileSync(path));
    return content === undefined ? [] : [`${createHash('sha256').update(content).digest('hex')}  ${path}`];
  });
}

/** Returns the values of `filename`, at any depth (QEMU, docs/interop/firmware.json). */
function filesOfDescriptor(path) {
  const files = [];
  try {
    JSON.parse(ifThere(() => readFileSync(path, 'utf8')) ?? '', (key, value) => {
      if (key === 'filename' && typeof value === 'string') files.push(value);
      return value;
    });
  } catch (error) {
    // An empty one masks another; any other that is no JSON is refused by the boot, with a reason. Its digest counts.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return files;
}

/** Asks QEMU for its version. A machine without QEMU boots nothing: its cases fail with a reason of their own. */
function qemuVersion() {
  const version = ifThere(() => execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' }));
  return version ?? 'no qemu-system-x86_64\n';
}

/** Returns the result of `read`, or undefined where there is no such file; any other error is thrown on. */
function ifThere(read) {
  try {
    return read();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function main() {
  try {
    const lines = firmwareSums(firmwareFolders()).map((line) => `${line}\n`);
    process.stdout.write(qemuVersion() + lines.join(''));
  } catch (error) {
    // Nx takes what is printed and looks at no exit status: only what was never printed before is in no cache.
    process.stdout.write(`unknown ${randomUUID()}\n`);
    process.stderr.write(`outside inputs of a boot: ${error.message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
