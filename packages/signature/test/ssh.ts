// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with keys that ssh-keygen made, for as long as the tests run. */
export class SshLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'latticra-ssh-'));

  at(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a key, and returns the path of its private half. */
  makeKey(name: string, ...options: string[]): string {
    execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', this.at(name), ...options]);
    return this.at(name);
  }

  /** Writes a file, and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.at(name), content, { mode: 0o600 });
    return this.at(name);
  }

  /** Returns the public line of a key. */
  publicLine(name: string): string {
    return readFileSync(this.at(`${name}.pub`), 'utf8').trim();
  }

  /** Returns whether ssh-keygen finds that a signature is one of the message by this signer. */
  verifies(
    signers: string,
    signature: string,
    message: Uint8Array,
    namespace: string,
    signer = 'alice',
  ): boolean {
    const argv = ['-Y', 'verify', '-f', signers, '-I', signer, '-n', namespace, '-s', signature];
    return spawnSync('ssh-keygen', argv, { input: message }).status === 0;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
