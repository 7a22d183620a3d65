# SPDX-License-Identifier: Apache-2.0
#
# Master boot code: the first 440 bytes of a disk, and of an ISO on a USB stick. Reads the first 2048 bytes
# of the BIOS loader from where the builder says it lies, and starts it.
#
# The firmware brings this to 0x7c00 with the drive number in dl. It moves itself to 0x600, where it is
# linked, because the loader belongs at 0x7c00. Enhanced Disk Drive specification 3.0, sections 4.2 and 6.

.include "serial.S"
.include "bios.S"

.set RELOCATED, 0x600           # also given to the linker
.set LOADER_DISK_ENTRY, LOADER + 4
.set LOADER_MARK, LOADER + 64   # the loader's own magic begins so
.set LOADER_MAGIC, 0x5454414c   # "LATT"

.text
.code16
start:
    set_segments
    mov     %sp, %si
    mov     $RELOCATED, %di
    mov     $256, %cx
    rep movsw
    ljmp    $0, $relocated

relocated:
    mov     %dl, drive
    call    serial_init16

    require_extensions .Lno_extensions
    test    $1, %cl
    jz      .Lno_extensions

    mov     $0x42, %ah
    mov     drive, %dl
    mov     $packet, %si
    int     $0x13
    jc      .Lcannot_read
    cmpl    $LOADER_MAGIC, LOADER_MARK
    jne     .Lno_loader
    mov     drive, %dl
    ljmp    $0, $LOADER_DISK_ENTRY

.macro fail name
    mov     $error_\name, %si
    mov     $exit_\name, %bl
    jmp     failed
.endm

.Lno_extensions:
    fail    no_extensions
.Lcannot_read:
    fail    cannot_read
.Lno_loader:
    fail    no_loader

failed:
    push    %si
    mov     $text_error, %si
    call    serial_write16
    pop     %si
    call    serial_write16
    mov     $text_line_end, %si
    call    serial_write16
    jmp     leave_machine16

    serial_routines 16

    error   no_extensions, 0x20, "the firmware cannot read the disk by block number"
    error   cannot_read, 0x21, "the loader cannot be read from the disk"
    error   no_loader, 0x22, "the loader is not where it should be"
text_error:
    .asciz  "\r\nLATTICRA_LOADER_ERROR "
text_line_end:
    .asciz  "\r\n"

drive:
    .byte   0

    # The builder finds this by its magic and fills in the block number, in blocks of 512 bytes.
    .ascii  "LATTICRA_MBR_LBA"
packet:
    .byte   16, 0
    .short  4                           # blocks: 2048 bytes
    .short  LOADER, 0
    .quad   0                           # from this one on

    .org    440
