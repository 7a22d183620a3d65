# SPDX-License-Identifier: Apache-2.0
#
# How a BIOS loader begins, and how it reads: the seed's loader and Linux's share this.
#
# Entered at from_cd by the firmware and at from_disk by the master boot code, with the drive number in dl. Reads
# the rest of the loader behind the first 2048 bytes and goes on at whole_loader. Before it is included the loader
# has included bios.S, has its head (loader_head), and has defined the macro own_errors with the errors that only it knows.

from_cd:
    mov     $2, %cl                     # a block of the device is 512 << cl bytes
    jmp     from_either
from_disk:
    xor     %cl, %cl
from_either:
    set_segments
    ljmp    $0, $.Lsegments_set
.Lsegments_set:
    mov     %dl, drive
    mov     %cl, block_shift
    mov     $3, %ax                     # text, 80 by 25, whatever was there before
    int     $0x10
    call    serial_init16
    mov     $text_loader, %si
    call    serial_write16

    require_extensions .Lno_extensions

    mov     loader_block, %eax          # the rest of the loader
    add     $4, %eax
    mov     loader_size, %ecx
    sub     $2048, %ecx
    movw    $LOADER + 2048, packet_offset
    movw    $0, packet_segment
    call    read_blocks
    cmpl    $LOADER_END_MAGIC, loader_end_magic
    jne     .Lcannot_read
    jmp     whole_loader

.macro fail16 name
    mov     $error_\name, %si
    mov     $exit_\name, %bl
    jmp     failed16
.endm

.Lno_extensions:
    fail16  cd_extensions
.Lcannot_read:
    fail16  loader_read

# Reads ecx bytes, rounded up to whole blocks, from block eax (of 512 bytes) to the address in the packet.
read_blocks:
    mov     %ecx, %edx
    mov     block_shift, %cl
    shr     %cl, %eax
    mov     %eax, packet_block
    mov     $512, %ebx
    shl     %cl, %ebx
    lea     -1(%edx, %ebx), %eax
    add     $9, %cl
    shr     %cl, %eax
    mov     %ax, block_count
    movb    $BLOCK_ATTEMPTS, attempts_left
.Lattempt:
    mov     block_count, %ax            # the firmware puts what it managed to read in its place
    mov     %ax, packet_count
    mov     $0x42, %ah
    mov     drive, %dl
    mov     $packet, %si
    int     $0x13
    jnc     .Lblocks_read
    xor     %ah, %ah                    # reset, and once more
    mov     drive, %dl
    int     $0x13
    decb    attempts_left
    jnz     .Lattempt
    fail16  disk_read
.Lblocks_read:
    ret

# Reports the text at si, on the screen too, and ends with the value in bl.
failed16:
    push    %bx
    push    %si
    mov     $text_error16, %si
    call    show_and_write
    pop     %si
    call    show_and_write
    mov     $text_line_end16, %si
    call    show_and_write
    pop     %bx
    jmp     leave_machine16

show_and_write:
    push    %si
    call    serial_write16
    pop     %si
.Lshow:
    lodsb
    test    %al, %al
    jz      .Lshown
    mov     $0x0e, %ah
    mov     $7, %bx
    push    %si
    int     $0x10
    pop     %si
    jmp     .Lshow
.Lshown:
    ret

    serial_routines 16

    error   cd_extensions, 0x23, "the firmware cannot read this drive by block number"
    error   loader_read, 0x24, "the rest of the loader is not where it should be"
    error   disk_read, 0x25, "the firmware reports an error reading the drive"
    error   no_a20, 0x26, "address line 20 cannot be switched on"
    error   no_map, 0x27, "the firmware gives no usable memory map (E820)"
    own_errors
text_loader:
    .asciz  "\r\nLATTICRA_LOADER bios\r\n"
text_error16:
    .asciz  "\r\nLATTICRA_LOADER_ERROR "
text_line_end16:
    .asciz  "\r\n"

drive:
    .byte   0
block_shift:
    .byte   0
attempts_left:
    .byte   0
    .balign 2
block_count:
    .short  0
packet:
    .byte   16, 0
packet_count:
    .short  0
packet_offset:
    .short  0
packet_segment:
    .short  0
packet_block:
    .quad   0
