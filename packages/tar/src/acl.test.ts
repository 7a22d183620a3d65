// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAcl } from './acl.js';

const read = (text: string) => {
  const found = readAcl('SCHILY.acl.access', text);
  return typeof found === 'object' && 'reason' in found ? found.reason : found;
};
const hex = (text: string) => {
  const acl = read(text);
  return typeof acl === 'object' ? Buffer.from(acl.value).toString('hex') : acl;
};
// Of `setfacl -m u:1000:r,g:4:rx f` on Linux, as getxattr gives it: user, 1000, group, 4, mask, other.
const KNOWN =
  '0200000001000600ffffffff02000400e803000004000400ffffffff080005000400000010000500ffffffff20000400ffffffff';

describe('readAcl', () => {
  it.each([
    'user::rw-,user:1000:r--,group::r--,group:4:r-x,mask::r-x,other::r--',
    'user::rw-\nuser:joe:r--:1000\ngroup::r--\ngroup:adm:r-x:4\nmask::r-x\nother::r--\n',
    'other::r--,mask::r-x,group:4:r-x,group::r--,user:1000:r--\t#effective:r--,user::rw-',
  ])('the text %j has the bytes that Linux keeps', (text) => {
    expect(hex(text)).toBe(KNOWN);
  });

  it('the attribute is named by the kind of ACL, and other records are none', () => {
    const text = 'user::rw-,group::r--,other::r--';
    expect(readAcl('SCHILY.acl.access', text)).toMatchObject({ name: 'system.posix_acl_access' });
    expect(readAcl('SCHILY.acl.default', text)).toMatchObject({ name: 'system.posix_acl_default' });
    expect(readAcl('SCHILY.xattr.user.a', text)).toBeUndefined();
    expect(readAcl('SCHILY.acl.ace', text)).toMatch(/another kind/);
  });

  it.each([
    ['user:joe:r--,user::rw-,group::r--,mask::r--,other::r--', /user "joe" without a number/],
    ['user::rw-,group:adm:r--,group::r--,mask::r--,other::r--', /group "adm" without a number/],
    ['user::rw-,group::r--', /not whole/],
    ['user::rw-,user:1:r--,group::r--,other::r--', /not whole/],
    ['user::rw-,user::r--,group::r--,other::r--', /twice/],
    ['user::rwz,group::r--,other::r--', /entry that is none/],
    ['mask:1:r--,user::rw-,group::r--,other::r--', /entry that is none/],
    ['user:4294967295:r--,user::rw-,group::r--,mask::r--,other::r--', /without a number/],
    ['', /not whole/],
  ])('the text %j is refused', (text, reason) => {
    expect(read(text)).toMatch(reason);
  });

  it('any text is read, or refused in words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const acl = read(text);
        expect(typeof acl === 'string' || acl?.value.length !== undefined).toBe(true);
      }),
    );
  });
});
