# SPDX-License-Identifier: Apache-2.0
#
# The descriptors of protected mode and of the way back: selectors CODE32, DATA32, CODE16 and DATA16.

.set CODE32, 0x08
.set DATA32, 0x10
.set CODE16, 0x18
.set DATA16, 0x20

    .balign 8
gdt:
    .quad   0
    .quad   0x00cf9a000000ffff  # code, 32 bits, 0 to 4 GiB
    .quad   0x00cf92000000ffff  # data, 0 to 4 GiB
    .quad   0x00009a000000ffff  # code and data of real mode's shape, for the way back there
    .quad   0x000092000000ffff
gdt_end:
