# SPDX-License-Identifier: Apache-2.0
#
# From a kernel in memory to a kernel that runs: the part that the BIOS and the UEFI loader share.
#
# Entered in 32-bit protected mode without paging, flat segments, interrupts off, with ebp = the address of
# `base` and a stack. The loader has filled in the parameters below. The code works wherever it lies below
# 4 GiB: everything is reached from ebp, which stays as it is throughout.
#
# It never writes before all of the kernel has been checked: where its segments go must be memory that the
# firmware's map calls free, and nothing of the loader's. Multiboot 2.0 section 3; System V ABI chapter 4
# and 5 for ELF. What can go wrong is a line on COM1 and an exit value (see `error` in serial.S).

.set MAP_ENTRY, 24              # base and length of 64 bits, type of 32, 4 bytes unused: as Multiboot 2 has it
.set MAP_LIMIT, 512             # entries
.set INFO_SIZE, 0x8000          # more than a full map, a full command line and the other tags need
.set KERNEL_LIMIT, 16 * 1024 * 1024

.set MULTIBOOT2_HEADER, 0xe85250d6
.set MULTIBOOT2_ENTRY, 0x36d76289
.set ELF_MAGIC, 0x464c457f

    .balign 16
base:
    jmp     handoff

.include "gdt.S"

# --- parameters, filled in by the loader ------------------------------------------------------------
param_kernel:           .long 0     # where the ELF file lies, and its bytes
param_kernel_size:      .long 0
param_map:              .long 0     # the memory map: MAP_ENTRY bytes each, at most MAP_LIMIT of them
param_map_count:        .long 0
param_info:             .long 0     # INFO_SIZE bytes for the Multiboot 2 information
param_command_line:     .long 0     # NUL-terminated, at most 256 bytes with it
param_rsdp:             .long 0     # the ACPI root pointer; 0 where there is none
param_rsdp_size:        .long 0     # 20 for ACPI 1.0, 36 from 2.0 on
param_nvs_is_free:      .long 0     # 1: a kernel may be placed over ACPI NVS memory
param_keep:             .long 0, 0  # from, to: memory that a kernel must not be placed over
                        .long 0, 0
param_keep_end:
param_screen_type:      .long 0     # 0 no screen, 1 colours, 2 text
param_screen_address:   .quad 0
param_screen_pitch:     .long 0
param_screen_width:     .long 0
param_screen_height:    .long 0
param_screen_depth:     .long 0     # bits a pixel
param_screen_colours:   .byte 0, 0, 0, 0, 0, 0  # position and width of red, green, blue

# --- state ----------------------------------------------------------------------------------------
elf_headers:            .long 0     # address of the first program header
elf_header_size:        .long 0
elf_header_count:       .long 0
elf_entry:              .quad 0     # as linked
entry_given:            .long 0     # 1: the entry address tag decides, with a physical address
entry_address:          .long 0
entry_found:            .long 0     # 1: it lies in a segment
segment_virtual:        .quad 0     # the program header that is being worked on
segment_from:           .long 0     # offset in the file
segment_to:             .long 0     # physical address
segment_end:            .long 0
segment_file_size:      .long 0
segment_size:           .long 0
nvs_noted:              .long 0

    error   no_header, 0x30, "no Multiboot 2 header in the kernel"
    error   bad_header, 0x31, "the kernel's Multiboot 2 header is damaged or asks for another machine"
    error   bad_elf, 0x32, "the kernel is not an ELF program for this machine"
    error   bad_segment, 0x33, "a segment of the kernel is damaged or lies below 1 MiB or past 4 GiB"
    error   in_the_way, 0x34, "a segment of the kernel would overwrite the loader"
    error   not_memory, 0x35, "a segment of the kernel does not lie in free memory"
    error   no_entry, 0x36, "the kernel's entry lies in none of its segments"
text_error:
    .asciz  "\r\nLATTICRA_LOADER_ERROR "
text_line_end:
    .asciz  "\r\n"
text_nvs:
    .asciz  "LATTICRA_LOADER_NOTE the kernel is placed over ACPI NVS memory\r\n"
text_name:
    .asciz  "Latticra Boot Seed"
text_name_end:

.macro fail name
    lea     error_\name-base(%ebp), %esi
    mov     $exit_\name, %bl
    jmp     handoff_failed
.endm

handoff:
    cld
    call    find_header
    call    read_elf_header
    call    check_segments
    call    build_information
    call    place_segments
    mov     entry_address-base(%ebp), %ecx
    mov     param_info-base(%ebp), %ebx
    mov     $MULTIBOOT2_ENTRY, %eax
    jmp     *%ecx

# Reports the text at esi and ends with the value in bl.
handoff_failed:
    mov     %esi, %edi
    lea     text_error-base(%ebp), %esi
    call    serial_write32
    mov     %edi, %esi
    call    serial_write32
    lea     text_line_end-base(%ebp), %esi
    call    serial_write32
    jmp     leave_machine32

# --- the Multiboot 2 header: 8-byte aligned within the first 32 KiB, its four words adding up to zero --------
find_header:
    mov     param_kernel-base(%ebp), %esi
    mov     param_kernel_size-base(%ebp), %ecx
    cmp     $32768, %ecx
    jbe     .Lsearched_part
    mov     $32768, %ecx
.Lsearched_part:
    add     %esi, %ecx                  # where the header has to end at the latest
.Lsearch:
    lea     16(%esi), %eax
    cmp     %ecx, %eax
    ja      .Lno_header
    cmpl    $MULTIBOOT2_HEADER, (%esi)
    jne     .Lnext_place
    mov     (%esi), %eax
    add     4(%esi), %eax
    add     8(%esi), %eax
    add     12(%esi), %eax
    jz      .Lheader
.Lnext_place:
    add     $8, %esi
    jmp     .Lsearch
.Lno_header:
    fail    no_header
.Lheader:
    cmpl    $0, 4(%esi)                 # architecture: 32-bit protected mode of the i386
    jne     .Lbad_header
    mov     8(%esi), %edx
    mov     %ecx, %eax
    sub     %esi, %eax
    cmp     %eax, %edx
    ja      .Lbad_header
    add     %esi, %edx                  # where this header ends
    add     $16, %esi
.Lheader_tag:
    lea     8(%esi), %eax
    cmp     %edx, %eax
    ja      .Lbad_header                # it ended without an end tag
    mov     %edx, %ebx
    sub     %esi, %ebx                  # what is left
    mov     4(%esi), %ecx
    cmp     $8, %ecx
    jb      .Lbad_header
    cmp     %ebx, %ecx
    ja      .Lbad_header
    movzwl  (%esi), %eax
    test    %eax, %eax
    jz      .Lheader_read
    cmp     $2, %eax                    # load addresses for a kernel that is no ELF file
    je      .Lbad_header
    cmp     $3, %eax
    jne     .Lheader_next
    cmp     $12, %ecx
    jb      .Lbad_header
    mov     8(%esi), %eax
    mov     %eax, entry_address-base(%ebp)
    movl    $1, entry_given-base(%ebp)
.Lheader_next:
    add     $7, %ecx
    and     $~7, %ecx
    add     %ecx, %esi
    jmp     .Lheader_tag
.Lbad_header:
    fail    bad_header
.Lheader_read:
    ret

# --- the ELF header, of 32 or of 64 bits -----------------------------------------------------------------
read_elf_header:
    mov     param_kernel-base(%ebp), %esi
    mov     param_kernel_size-base(%ebp), %edx
    cmp     $64, %edx
    jb      .Lbad_elf
    cmpl    $ELF_MAGIC, (%esi)
    jne     .Lbad_elf
    cmpb    $1, 5(%esi)                 # little endian
    jne     .Lbad_elf
    cmpb    $1, 4(%esi)
    je      .Lelf32
    cmpb    $2, 4(%esi)
    jne     .Lbad_elf
    cmpw    $62, 18(%esi)               # x86-64
    jne     .Lbad_elf
    cmpl    $0, 36(%esi)
    jne     .Lbad_elf
    mov     24(%esi), %eax
    mov     %eax, elf_entry-base(%ebp)
    mov     28(%esi), %eax
    mov     %eax, elf_entry-base+4(%ebp)
    mov     32(%esi), %ebx              # offset, size and number of the program headers
    movzwl  54(%esi), %eax
    movzwl  56(%esi), %ecx
    cmp     $56, %eax
    jne     .Lbad_elf
    jmp     .Lelf_headers
.Lelf32:
    cmpw    $3, 18(%esi)                # 80386
    jne     .Lbad_elf
    mov     24(%esi), %eax
    mov     %eax, elf_entry-base(%ebp)
    movl    $0, elf_entry-base+4(%ebp)
    mov     28(%esi), %ebx
    movzwl  42(%esi), %eax
    movzwl  44(%esi), %ecx
    cmp     $32, %eax
    jne     .Lbad_elf
.Lelf_headers:
    mov     %eax, elf_header_size-base(%ebp)
    mov     %ecx, elf_header_count-base(%ebp)
    imul    %ecx, %eax                  # 16 bits times 56 cannot overflow
    cmp     %edx, %ebx
    ja      .Lbad_elf
    sub     %ebx, %edx
    cmp     %edx, %eax
    ja      .Lbad_elf
    add     %esi, %ebx
    mov     %ebx, elf_headers-base(%ebp)
    ret
.Lbad_elf:
    fail    bad_elf

# Reads program header ecx into segment_*. Zero flag set: nothing of it is loaded.
read_segment:
    mov     %ecx, %eax
    imul    elf_header_size-base(%ebp), %eax
    add     elf_headers-base(%ebp), %eax
    mov     %eax, %esi
    cmpl    $1, (%esi)                  # PT_LOAD
    jne     .Lnothing_to_load
    cmpl    $56, elf_header_size-base(%ebp)
    je      .Lsegment64
    mov     4(%esi), %eax
    mov     8(%esi), %ebx
    mov     %ebx, segment_virtual-base(%ebp)
    movl    $0, segment_virtual-base+4(%ebp)
    mov     12(%esi), %ebx
    mov     16(%esi), %edx
    mov     20(%esi), %edi
    jmp     .Lsegment_read
.Lsegment64:
    mov     12(%esi), %eax              # the upper halves of offset, address and sizes
    or      28(%esi), %eax
    or      36(%esi), %eax
    or      44(%esi), %eax
    jnz     .Lbad_segment
    mov     16(%esi), %eax
    mov     %eax, segment_virtual-base(%ebp)
    mov     20(%esi), %eax
    mov     %eax, segment_virtual-base+4(%ebp)
    mov     8(%esi), %eax
    mov     24(%esi), %ebx
    mov     32(%esi), %edx
    mov     40(%esi), %edi
.Lsegment_read:
    mov     %eax, segment_from-base(%ebp)
    mov     %ebx, segment_to-base(%ebp)
    mov     %edx, segment_file_size-base(%ebp)
    mov     %edi, segment_size-base(%ebp)
    test    %edi, %edi
    ret
.Lnothing_to_load:
    xor     %eax, %eax
    ret
.Lbad_segment:
    fail    bad_segment

# --- every segment is checked before the first is placed ---------------------------------------------------
check_segments:
    xor     %ecx, %ecx
.Lcheck:
    cmp     elf_header_count-base(%ebp), %ecx
    jae     .Lchecked
    push    %ecx
    call    read_segment
    jz      .Lcheck_next
    mov     segment_file_size-base(%ebp), %eax
    cmp     segment_size-base(%ebp), %eax
    ja      .Lbad_segment
    mov     segment_from-base(%ebp), %ebx
    mov     param_kernel_size-base(%ebp), %edx
    cmp     %edx, %ebx
    ja      .Lbad_segment
    sub     %ebx, %edx
    cmp     %edx, %eax
    ja      .Lbad_segment               # it passes the end of the file
    mov     segment_to-base(%ebp), %eax
    cmp     $0x100000, %eax
    jb      .Lbad_segment
    mov     %eax, %edx
    add     segment_size-base(%ebp), %edx
    jc      .Lbad_segment
    mov     %edx, segment_end-base(%ebp)
    call    check_memory
    call    look_for_entry
.Lcheck_next:
    pop     %ecx
    inc     %ecx
    jmp     .Lcheck
.Lchecked:
    cmpl    $1, entry_found-base(%ebp)
    jne     .Lno_entry
    ret
.Lno_entry:
    fail    no_entry

# The entry of the ELF header is an address as linked; where its segment is placed elsewhere, it moves along.
look_for_entry:
    cmpl    $1, entry_given-base(%ebp)
    je      .Lentry_physical
    mov     elf_entry-base(%ebp), %eax
    mov     elf_entry-base+4(%ebp), %edx
    sub     segment_virtual-base(%ebp), %eax
    sbb     segment_virtual-base+4(%ebp), %edx
    jnz     .Lnot_here                  # below it, or more than 4 GiB above
    cmp     segment_size-base(%ebp), %eax
    jae     .Lnot_here
    cmpl    $1, entry_found-base(%ebp)
    je      .Lnot_here                  # the first segment that holds it counts
    add     segment_to-base(%ebp), %eax
    mov     %eax, entry_address-base(%ebp)
    jmp     .Lentry
.Lentry_physical:
    mov     entry_address-base(%ebp), %eax
    cmp     segment_to-base(%ebp), %eax
    jb      .Lnot_here
    cmp     segment_end-base(%ebp), %eax
    jae     .Lnot_here
.Lentry:
    movl    $1, entry_found-base(%ebp)
.Lnot_here:
    ret

# Is segment_to to segment_end memory that may be written? Nothing to keep may lie in it, nothing that the
# map calls anything but free, and free memory has to cover all of it.
check_memory:
    lea     param_keep-base(%ebp), %esi
.Lkeep:
    mov     (%esi), %eax
    cmp     segment_end-base(%ebp), %eax
    jae     .Lkeep_next
    mov     segment_to-base(%ebp), %eax
    cmp     4(%esi), %eax
    jae     .Lkeep_next
    fail    in_the_way
.Lkeep_next:
    add     $8, %esi
    lea     param_keep_end-base(%ebp), %eax
    cmp     %eax, %esi
    jb      .Lkeep

    mov     param_map-base(%ebp), %esi
    mov     param_map_count-base(%ebp), %ecx
.Lother_use:
    jecxz   .Lcover
    call    read_map_entry
    cmp     segment_end-base(%ebp), %eax
    jae     .Lother_use_next
    cmp     %edx, segment_to-base(%ebp)
    jae     .Lother_use_next
    call    is_free
    jne     .Lnot_memory
.Lother_use_next:
    add     $MAP_ENTRY, %esi
    dec     %ecx
    jmp     .Lother_use

.Lcover:
    mov     segment_to-base(%ebp), %eax
    call    free_until
    cmp     segment_end-base(%ebp), %eax
    jb      .Lnot_memory
    ret
.Lnot_memory:
    fail    not_memory

# The map entry at esi: eax = where it begins, edx = where it ends, both held down to 4 GiB - 1.
read_map_entry:
    mov     (%esi), %eax
    mov     4(%esi), %ebx
    mov     %eax, %edx
    add     8(%esi), %edx
    adc     12(%esi), %ebx
    jz      .Lend_in_reach
    mov     $-1, %edx
.Lend_in_reach:
    cmpl    $0, 4(%esi)
    je      .Lbegin_in_reach
    mov     $-1, %eax
.Lbegin_in_reach:
    ret

# Zero flag set: the map entry at esi is memory that a kernel may use. Changes ebx.
is_free:
    mov     16(%esi), %ebx
    cmp     $1, %ebx
    je      .Lis_free
    cmp     $4, %ebx                    # ACPI NVS
    jne     .Lis_free
    cmpl    $1, param_nvs_is_free-base(%ebp)
    jne     .Lis_free
    cmpl    $0, nvs_noted-base(%ebp)
    jne     .Lnoted
    movl    $1, nvs_noted-base(%ebp)
    pusha
    lea     text_nvs-base(%ebp), %esi
    call    serial_write32
    popa
.Lnoted:
    xor     %ebx, %ebx
.Lis_free:
    ret

# eax = the end of the free memory that reaches on from address eax without a gap (eax itself where none does).
free_until:
    push    %edi
    mov     %eax, %edi
.Lonward:
    mov     param_map-base(%ebp), %esi
    mov     param_map_count-base(%ebp), %ecx
.Lfind_next:
    jecxz   .Lno_further
    call    read_map_entry
    cmp     %edi, %eax
    ja      .Lfind_other
    cmp     %edi, %edx
    jbe     .Lfind_other
    cmpl    $1, 16(%esi)
    je      .Lreaches
    cmpl    $4, 16(%esi)
    jne     .Lfind_other
    cmpl    $1, param_nvs_is_free-base(%ebp)
    jne     .Lfind_other
.Lreaches:
    mov     %edx, %edi
    jmp     .Lonward
.Lfind_other:
    add     $MAP_ENTRY, %esi
    dec     %ecx
    jmp     .Lfind_next
.Lno_further:
    mov     %edi, %eax
    pop     %edi
    ret

# --- the Multiboot 2 information ---------------------------------------------------------------------------
# Each tag begins at a multiple of 8 with its type and its size; edi is where the next one goes.
build_information:
    movl    $0, param_nvs_is_free-base(%ebp)    # whoever runs next is not told that it is free
    mov     param_info-base(%ebp), %edi
    xor     %eax, %eax
    mov     $INFO_SIZE / 4, %ecx
    rep stosl
    mov     param_info-base(%ebp), %edi
    add     $8, %edi

    mov     $2, %eax                    # who loaded this
    lea     text_name-base(%ebp), %esi
    call    put_text_tag
    mov     $1, %eax                    # the command line
    mov     param_command_line-base(%ebp), %esi
    call    put_text_tag

    movl    $4, (%edi)                  # KiB of memory from 0, and from 1 MiB on
    movl    $16, 4(%edi)
    xor     %eax, %eax
    call    free_until
    shr     $10, %eax
    cmp     $640, %eax
    jbe     .Llower
    mov     $640, %eax
.Llower:
    mov     %eax, 8(%edi)
    mov     $0x100000, %eax
    call    free_until
    sub     $0x100000, %eax
    shr     $10, %eax
    mov     %eax, 12(%edi)
    add     $16, %edi

    movl    $6, (%edi)                  # the memory map, in the entries' version 0
    imul    $MAP_ENTRY, param_map_count-base(%ebp), %ecx
    lea     16(%ecx), %eax
    mov     %eax, 4(%edi)
    movl    $MAP_ENTRY, 8(%edi)
    movl    $0, 12(%edi)
    add     $16, %edi
    mov     param_map-base(%ebp), %esi
    rep movsb

    cmpl    $0, param_screen_type-base(%ebp)
    je      .Lno_screen
    movl    $8, (%edi)                  # the screen
    movl    $32, 4(%edi)
    mov     param_screen_address-base(%ebp), %eax
    mov     %eax, 8(%edi)
    mov     param_screen_address-base+4(%ebp), %eax
    mov     %eax, 12(%edi)
    mov     param_screen_pitch-base(%ebp), %eax
    mov     %eax, 16(%edi)
    mov     param_screen_width-base(%ebp), %eax
    mov     %eax, 20(%edi)
    mov     param_screen_height-base(%ebp), %eax
    mov     %eax, 24(%edi)
    mov     param_screen_depth-base(%ebp), %al
    mov     %al, 28(%edi)
    mov     param_screen_type-base(%ebp), %al
    mov     %al, 29(%edi)
    cmp     $1, %al
    je      .Lcolours
    add     $32, %edi
    jmp     .Lno_screen
.Lcolours:
    movl    $38, 4(%edi)
    add     $32, %edi
    lea     param_screen_colours-base(%ebp), %esi
    mov     $6, %ecx
    rep movsb
    call    align_tag
.Lno_screen:

    mov     param_rsdp-base(%ebp), %esi
    test    %esi, %esi
    jz      .Lno_rsdp
    mov     param_rsdp_size-base(%ebp), %ecx
    mov     $14, %eax                   # ACPI 1.0
    cmp     $20, %ecx
    je      .Lrsdp
    mov     $15, %eax                   # 2.0 or later
.Lrsdp:
    mov     %eax, (%edi)
    lea     8(%ecx), %eax
    mov     %eax, 4(%edi)
    add     $8, %edi
    rep movsb
    call    align_tag
.Lno_rsdp:

    movl    $0, (%edi)                  # the end
    movl    $8, 4(%edi)
    add     $8, %edi
    mov     param_info-base(%ebp), %esi
    sub     %esi, %edi
    mov     %edi, (%esi)
    ret

# A tag of type eax that holds the NUL-terminated string at esi.
put_text_tag:
    mov     %edi, %ebx
    mov     %eax, (%edi)
    add     $8, %edi
.Lput_text:
    lodsb
    stosb
    test    %al, %al
    jnz     .Lput_text
    mov     %edi, %eax
    sub     %ebx, %eax
    mov     %eax, 4(%ebx)
align_tag:
    add     $7, %edi
    and     $~7, %edi
    ret

# --- the segments go where they belong -------------------------------------------------------------------
place_segments:
    xor     %ecx, %ecx
.Lplace:
    cmp     elf_header_count-base(%ebp), %ecx
    jae     .Lplaced
    push    %ecx
    call    read_segment
    jz      .Lplace_next
    mov     param_kernel-base(%ebp), %esi
    add     segment_from-base(%ebp), %esi
    mov     segment_to-base(%ebp), %edi
    mov     segment_file_size-base(%ebp), %ecx
    rep movsb
    mov     segment_size-base(%ebp), %ecx
    sub     segment_file_size-base(%ebp), %ecx
    xor     %eax, %eax
    rep stosb
.Lplace_next:
    pop     %ecx
    inc     %ecx
    jmp     .Lplace
.Lplaced:
    ret

    serial_routines 32

    .balign 16
handoff_end:
