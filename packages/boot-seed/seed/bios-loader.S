# SPDX-License-Identifier: Apache-2.0
#
# The BIOS loader, started in one of two ways at 0x7c00 with its first 2048 bytes in memory:
# from a CD by the firmware (El Torito without emulation; blocks of 2048 bytes), or from a disk by our
# master boot code (blocks of 512 bytes). It reads the rest of itself, then the kernel, and hands over.
#
# Memory, all below 1 MiB, where no kernel is placed:
#   0x01000 to 0x07c00   stack, downwards
#   0x07c00 to 0x0c000   this loader
#   0x0c000 to 0x0cc00   memory map, as Multiboot 2 wants it
#   0x10000 to 0x18000   Multiboot 2 information
#   0x20000 to 0x2f800   what was read last, before it is copied up
# The kernel's file is gathered as high as there is memory below 4 GiB, so that its segments find room.
#
# Enhanced Disk Drive specification 3.0; El Torito 1.0; ACPI 6.5 sections 15.1 (E820) and 5.2.5.1 (RSDP).

.include "serial.S"
.include "bios.S"

.set INFO, 0x10000

# What can go wrong here beside what can in the parts that are included.
.macro own_errors
    error   no_kernel, 0x28, "no kernel is recorded in the loader, or more than 16 MiB of it"
    error   no_room, 0x29, "there is not enough memory to load the kernel"
.endm

    loader_head LATTICRA_BIOSLDR
    .ascii  "LATTICRA_CMDLINE"
command_line:
    .fill   256, 1, 0

.include "bios-start.S"

# --- from here on in the part that had to be read ------------------------------------------------------------
    .org    2048                        # fails to assemble if the part above has outgrown it
whole_loader:
    mov     $0x0fff, %ax                # is there a screen in text mode now?
    int     $0x10
    and     $0x7f, %al
    mov     %al, video_mode

    call    enable_a20
    call    read_memory_map
    call    choose_staging
    call    read_kernel
    cli
    lgdt    gdt_pointer
    mov     %cr0, %eax
    or      $1, %al
    mov     %eax, %cr0
    ljmp    $CODE32, $hand_over

.include "bios-memory.S"

# --- where the kernel's file is gathered: at the upper end of the highest free memory that holds it --------------
.macro narrow_room
    cmp     $0x100000, %eax
    jae     .Lroom_high
    mov     $0x100000, %eax
.Lroom_high:
.endm

choose_staging:
    mov     kernel_size, %ebp
    test    %ebp, %ebp
    jz      .Lno_kernel
    cmp     $KERNEL_LIMIT, %ebp
    ja      .Lno_kernel
    find_room staging, .Lno_room
.Lno_kernel:
    fail16  no_kernel
.Lno_room:
    fail16  no_room

# --- the kernel's file ---------------------------------------------------------------------------------------------
read_kernel:
    movw    $0, packet_offset
    movw    $BOUNCE >> 4, packet_segment
    mov     staging, %eax
    mov     %eax, copy_to
    mov     kernel_size, %eax
    mov     %eax, left_to_read
    mov     kernel_block, %eax
    mov     %eax, next_block
.include "bios-copy.S"

# --- protected mode, for good ----------------------------------------------------------------------------------------
    .code32
hand_over:
    mov     $DATA32, %ax
    mov     %ax, %ds
    mov     %ax, %es
    mov     %ax, %fs
    mov     %ax, %gs
    mov     %ax, %ss
    mov     $LOADER, %esp
    mov     staging, %eax
    mov     %eax, param_kernel
    mov     %eax, param_keep + 8
    mov     kernel_size, %ecx
    mov     %ecx, param_kernel_size
    add     %ecx, %eax
    mov     %eax, param_keep + 12
    movl    $0x100000, param_keep + 4   # everything below 1 MiB
    movl    $MAP, param_map
    movzwl  map_count, %eax
    mov     %eax, param_map_count
    movl    $INFO, param_info
    movl    $command_line, param_command_line
    cmpb    $3, video_mode
    jne     .Lno_text
    movl    $2, param_screen_type
    movl    $0xb8000, param_screen_address
    movl    $160, param_screen_pitch
    movl    $80, param_screen_width
    movl    $25, param_screen_height
    movl    $16, param_screen_depth
.Lno_text:
    movzwl  0x40e, %esi                 # the extended BIOS data area's segment
    shl     $4, %esi
    lea     1024(%esi), %edx
    call    find_rsdp
    mov     $0xe0000, %esi
    mov     $0x100000, %edx
    call    find_rsdp
    mov     $base, %ebp
    jmp     base

# Looks for the ACPI root pointer from esi to edx, at multiples of 16; the first found counts.
find_rsdp:
    cmpl    $0, param_rsdp
    jne     .Lrsdp_end
.Lrsdp_here:
    cmp     %edx, %esi
    jae     .Lrsdp_end
    cmpl    $0x20445352, (%esi)         # "RSD "
    jne     .Lrsdp_next
    cmpl    $0x20525450, 4(%esi)        # "PTR "
    jne     .Lrsdp_next
    xor     %eax, %eax
    mov     $20, %ecx
.Lrsdp_sum:
    add     -1(%esi, %ecx), %al
    loop    .Lrsdp_sum
    test    %al, %al
    jnz     .Lrsdp_next
    mov     %esi, param_rsdp
    movl    $20, param_rsdp_size
    cmpb    $2, 15(%esi)
    jb      .Lrsdp_end
    movl    $36, param_rsdp_size
    ret
.Lrsdp_next:
    add     $16, %esi
    jmp     .Lrsdp_here
.Lrsdp_end:
    ret

    .balign 2
video_mode:
    .byte   0
    .balign 4
    memory_state
staging:
    .long   0
    copy_state

.include "handoff.S"

    loader_tail
