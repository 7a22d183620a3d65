# SPDX-License-Identifier: Apache-2.0
#
# The BIOS loader for Linux, started as the seed's is (bios-start.S): from a CD, or from a disk by our master boot
# code. Reads a kernel and an initramfs, which may lie in larger files, and enters the kernel as its boot protocol
# says for 16 bits: the kernel asks the firmware for everything else itself.
#
# Memory below 1 MiB:
#   0x01000 to 0x07c00   stack, downwards
#   0x07c00 to 0x0a000   this loader
#   0x0c000 to 0x0cc00   memory map
#   0x10000 to 0x18000   the kernel's real-mode part, with its stack and heap up to 0x1e000
#   0x1e000 to 0x1e800   the command line
#   0x20000 to 0x2f800   what was read last, before it is copied up
# Above: the kernel's file so that its protected-mode part begins at the address that the kernel prefers, and the
# initramfs as high as the kernel allows. The kernel may use all up to init_size behind that address before it has
# looked at the memory map, so one free range has to hold it, and the initramfs lies above.
#
# Documentation/arch/x86/boot.rst of Linux, protocol 2.10.

.include "serial.S"
.include "bios.S"

.set MAP_ENTRY, 24
.set SETUP, 0x10000
.set SETUP_LIMIT, 0x8000
.set COMMAND_LINE, 0xe000       # from SETUP on; the stack ends there
.set COMMAND_LINE_SIZE, 2048    # with its NUL

# Fields of the kernel's header.
.set SETUP_SECTORS, 0x1f1
.set VIDEO_MODE, 0x1fa
.set HEADER_MAGIC, 0x202
.set PROTOCOL, 0x206
.set TYPE_OF_LOADER, 0x210
.set LOAD_FLAGS, 0x211
.set CODE32_START, 0x214
.set INITRD_ADDRESS, 0x218
.set INITRD_SIZE, 0x21c
.set HEAP_END, 0x224
.set COMMAND_LINE_ADDRESS, 0x228
.set INITRD_HIGHEST, 0x22c
.set RELOCATABLE, 0x234
.set PREFERRED, 0x258
.set INIT_SIZE, 0x260

# What can go wrong here beside what can in the parts that are included.
.macro own_errors
    error   no_kernel, 0x2a, "no kernel is recorded in the loader"
    error   bad_kernel, 0x2b, "what is recorded as the kernel is no Linux kernel that this loader can start"
    error   no_room, 0x29, "there is not enough memory to load the kernel"
    error   no_initrd_room, 0x2c, "there is not enough memory to load the initramfs"
.endm

    loader_head LATTICRA_BIOSLNX
initrd_block:
    .long   0
initrd_size:
    .long   0                           # 0: there is none

.include "bios-start.S"

# --- from here on in the part that had to be read ------------------------------------------------------------
    .org    2048                        # fails to assemble if the part above has outgrown it
whole_loader:
    call    enable_a20
    call    read_memory_map
    call    read_setup
    call    place_kernel
    call    place_initrd
    call    fill_header

    mov     load_address, %eax
    sub     setup_size, %eax
    mov     %eax, copy_to
    mov     kernel_size, %eax
    mov     %eax, left_to_read
    mov     kernel_block, %eax
    mov     %eax, next_block
    call    read_file
    mov     initrd_address, %eax
    mov     %eax, copy_to
    mov     initrd_size, %eax
    mov     %eax, left_to_read
    mov     initrd_block, %eax
    mov     %eax, next_block
    call    read_file
    mov     $text_read, %si
    call    serial_write16

    cli
    mov     $SETUP >> 4, %ax
    mov     %ax, %ds
    mov     %ax, %es
    mov     %ax, %fs
    mov     %ax, %gs
    mov     %ax, %ss
    mov     $COMMAND_LINE, %esp
    ljmp    $(SETUP >> 4) + 0x20, $0

.include "bios-memory.S"

# --- the kernel's first 32 KiB, with the header in them ------------------------------------------------------------
read_setup:
    mov     kernel_size, %ecx
    jecxz   .Lno_kernel
    cmp     $SETUP_LIMIT, %ecx
    jbe     .Lsmall
    mov     $SETUP_LIMIT, %ecx
.Lsmall:
    movw    $0, packet_offset
    movw    $SETUP >> 4, packet_segment
    mov     kernel_block, %eax
    call    read_blocks

    mov     $SETUP >> 4, %ax
    mov     %ax, %es
    cmpl    $0x53726448, %es:HEADER_MAGIC       # "HdrS"
    jne     .Lbad_kernel
    cmpw    $0x20a, %es:PROTOCOL        # the first with PREFERRED and INIT_SIZE
    jb      .Lbad_kernel
    testb   $1, %es:LOAD_FLAGS          # made for above 1 MiB
    jz      .Lbad_kernel
    cmpb    $0, %es:RELOCATABLE
    je      .Lbad_kernel
    movzbl  %es:SETUP_SECTORS, %eax
    test    %eax, %eax
    jnz     .Lsectors
    mov     $4, %eax
.Lsectors:
    inc     %eax
    shl     $9, %eax
    mov     %eax, setup_size
    cmp     $SETUP_LIMIT, %eax
    ja      .Lbad_kernel
    cmp     kernel_size, %eax
    jae     .Lbad_kernel
    ret
.Lno_kernel:
    fail16  no_kernel
.Lbad_kernel:
    fail16  bad_kernel

# --- where the kernel goes: where it prefers to be, which has to be free -----------------------------------------
place_kernel:
    mov     $SETUP >> 4, %ax
    mov     %ax, %es
    cmpl    $0, %es:PREFERRED + 4
    jne     .Lbad_kernel
    mov     %es:PREFERRED, %eax
    mov     %eax, load_address
    cmp     $0x100000 + SETUP_LIMIT, %eax
    jb      .Lbad_kernel
    mov     %es:INIT_SIZE, %edx
    mov     kernel_size, %ecx
    sub     setup_size, %ecx
    cmp     %ecx, %edx
    jb      .Lbad_kernel                # less than what is loaded
    add     %edx, %eax
    jc      .Lbad_kernel
    mov     %eax, kernel_end

    mov     $MAP, %di
    mov     map_count, %cx
.Lplace:
    cmpl    $1, 16(%di)
    jne     .Lplace_next
    cmpl    $0, 4(%di)
    jne     .Lplace_next
    mov     load_address, %eax
    sub     setup_size, %eax
    sub     (%di), %eax
    jb      .Lplace_next
    mov     kernel_end, %eax
    sub     (%di), %eax
    cmpl    $0, 12(%di)
    jne     .Lplaced
    cmp     8(%di), %eax
    jbe     .Lplaced
.Lplace_next:
    add     $MAP_ENTRY, %di
    loop    .Lplace
    fail16  no_room
.Lplaced:
    ret

# --- where the initramfs goes: as high as free memory, 4 GiB and the kernel allow, at a page -----------------------
.macro narrow_room
    mov     %es:INITRD_HIGHEST, %ebx    # the last byte that it may have
    inc     %ebx
    jz      .Lroom_allowed
    cmp     %ebx, %edx
    jbe     .Lroom_allowed
    mov     %ebx, %edx
.Lroom_allowed:
    cmp     kernel_end, %eax
    jae     .Lroom_above
    mov     kernel_end, %eax
.Lroom_above:
.endm

place_initrd:
    mov     initrd_size, %ebp
    test    %ebp, %ebp
    jz      .Lplaced
    mov     $SETUP >> 4, %ax
    mov     %ax, %es
    find_room initrd_address, .Lno_initrd_room
.Lno_initrd_room:
    fail16  no_initrd_room

# --- what a loader has to say in the header ------------------------------------------------------------------------
fill_header:
    mov     $SETUP >> 4, %ax
    mov     %ax, %es
    movb    $0xff, %es:TYPE_OF_LOADER   # one without a number of its own
    orb     $0x80, %es:LOAD_FLAGS       # the heap may be used
    movw    $COMMAND_LINE - 0x200, %es:HEAP_END
    movl    $SETUP + COMMAND_LINE, %es:COMMAND_LINE_ADDRESS
    movw    $0xffff, %es:VIDEO_MODE     # as it is
    mov     load_address, %eax
    mov     %eax, %es:CODE32_START
    mov     initrd_address, %eax
    mov     %eax, %es:INITRD_ADDRESS
    mov     initrd_size, %eax
    mov     %eax, %es:INITRD_SIZE
    mov     $command_line, %si
    mov     $COMMAND_LINE, %di
    mov     $COMMAND_LINE_SIZE / 2, %cx
    rep movsw
    xor     %ax, %ax
    mov     %ax, %es
    ret

read_file:
    movw    $0, packet_offset
    movw    $BOUNCE >> 4, packet_segment
.include "bios-copy.S"

text_read:
    .asciz  "LATTICRA_LOADER kernel and initramfs are in memory\r\n"
    .balign 4
    memory_state
setup_size:
    .long   0                           # bytes in front of the protected-mode part
load_address:
    .long   0
kernel_end:
    .long   0
initrd_address:
    .long   0
    copy_state

.include "gdt.S"

    .ascii  "LATTICRA_CMDLINE"
command_line:
    .fill   COMMAND_LINE_SIZE, 1, 0

    loader_tail
