// SPDX-License-Identifier: Apache-2.0

/**
 * GUIDs of partitions that are a part of something else, in either case: Linux's LVM, RAID, LUKS and swap, Windows'
 * dynamic disks, ZFS (UEFI Discoverable Partitions, MSDN).
 */
export const MEMBER_PARTITION_TYPE = new RegExp(
  `^(${[
    'E6D6D379-F507-44C2-A23C-238F2A3DF928',
    'A19D880F-05FC-4D3B-A006-743F0F84911E',
    'CA7D7CCB-63ED-4C53-861C-1742536059CC',
    '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F',
    'AF9B60A0-1431-4F62-BC68-3311714A69AD',
    '5808C8AA-7E8F-42E0-85D2-E1E90434CFB3',
    '6A898CC3-1DD2-11B2-99A6-080020736631',
  ].join('|')})$`,
  'i',
);
