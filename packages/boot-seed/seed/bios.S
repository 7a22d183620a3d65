# SPDX-License-Identifier: Apache-2.0
#
# What master boot code and the BIOS loaders, the seed's and Linux's, have in common before any of them reads: where
# things lie, how real mode is set up, and what a loader begins and ends with.

.set LOADER, 0x7c00             # also given to the linker
.set LOADER_SIZE, 3 * 2048      # whole blocks of a CD; up to 0xc000 there is room
.set MAP, 0xc000
.set MAP_ROOM, 128              # entries
.set BOUNCE, 0x20000
.set BOUNCE_SIZE, 124 * 512     # 31 blocks of a CD; some firmware reads 127 blocks of a disk at most
.set BLOCK_ATTEMPTS, 3
.set LOADER_END_MAGIC, 0x4154544c       # "LTTA", at the end: the last of the loader has arrived

# Flat segments, and a stack below where the loader lies.
.macro set_segments
    cli
    cld
    xor     %ax, %ax
    mov     %ax, %ds
    mov     %ax, %es
    mov     %ax, %ss
    mov     $LOADER, %sp
    sti
.endm

# Asks whether the firmware reads the drive by block number, and goes to \otherwise where it does not.
.macro require_extensions otherwise
    mov     $0x41, %ah
    mov     $0x55aa, %bx
    mov     drive, %dl
    int     $0x13
    jc      \otherwise
    cmp     $0xaa55, %bx
    jne     \otherwise
.endm

# What a loader begins with: its two entries, and the places that the builder finds by \magic and fills in. Block
# numbers count blocks of 512 bytes.
.macro loader_head magic
.text
.code16
start:
    jmp     from_cd
    .org    4
    jmp     from_disk

    # Bytes 8 to 63 stay free: tools that write a boot information table put it there.
    .org    64
    .ascii  "\magic"
loader_block:
    .long   0
loader_size:
    .long   loader_end - start
kernel_block:
    .long   0
kernel_size:
    .long   0
.endm

# What a loader ends with; fails to assemble where it has outgrown its size.
.macro loader_tail
loader_end_magic:
    .long   LOADER_END_MAGIC
    .org    LOADER_SIZE
loader_end:
.endm
