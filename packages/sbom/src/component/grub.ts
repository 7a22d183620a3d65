// SPDX-License-Identifier: Apache-2.0
import type { SbomPackage } from '../build/input.js';

/** A Debian or Ubuntu release as its packages' versions name it, in the part after the upstream version. */
const DISTRIBUTIONS = [
  { name: 'ubuntu', pattern: /-[\w.+~]*ubuntu/ },
  { name: 'debian', pattern: /-[\w.+~]*[+~]deb\d+u\d+$/ },
] as const;

/** Makes the identifier of GRUB's package in a document, see {@link SbomPackage.id}. */
export const grubPackageId = (version: string) => `Package-grub-${version.replace(/[^A-Za-z0-9.-]/g, '-')}`;

/**
 * Makes a package for GRUB in the version that its tools name, such as `2.06-13+deb12u1`: a boot loader of another
 * vendor that an image holds. Where the version names a distribution, so does the purl; a plain `2.06-13` may come
 * from anywhere.
 */
export function grubPackage(version: string): SbomPackage {
  const distribution = DISTRIBUTIONS.find(({ pattern }) => pattern.test(version));
  const name = distribution ? `deb/${distribution.name}/grub2` : 'generic/grub';
  return {
    id: grubPackageId(version),
    name: 'grub',
    version,
    purpose: 'APPLICATION',
    supplier: 'Organization: Free Software Foundation',
    declaredLicence: 'GPL-3.0-or-later',
    purl: `pkg:${name}@${encodeURIComponent(version)}`,
    comment: 'boot loader; its pieces in the images were made with the tools of this version',
  };
}
