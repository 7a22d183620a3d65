# SPDX-License-Identifier: Apache-2.0
#
# What a BIOS loader has to know of memory: that address line 20 is on, and the firmware's map (E820) at MAP, at
# most MAP_ROOM entries of MAP_ENTRY bytes, map_count of them. The loader has its state among its data (memory_state).

.macro memory_state
a20_probe:
    .short  0
map_count:
    .short  0
.endm

# --- address line 20 -----------------------------------------------------------------------------------------
enable_a20:
    call    is_a20_on
    jne     .La20_on
    mov     $0x2401, %ax                # ask the firmware
    int     $0x15
    call    is_a20_on
    jne     .La20_on
    in      $0x92, %al                  # the system control port
    or      $2, %al
    and     $0xfe, %al                  # bit 0 would reset the machine
    out     %al, $0x92
    call    is_a20_on
    jne     .La20_on
    call    wait_keyboard               # the keyboard controller's output port
    mov     $0xd1, %al
    out     %al, $0x64
    call    wait_keyboard
    mov     $0xdf, %al
    out     %al, $0x60
    call    wait_keyboard
    call    is_a20_on
    jne     .La20_on
    fail16  no_a20
.La20_on:
    ret

wait_keyboard:
    mov     $0xffff, %cx
.Lkeyboard_busy:
    in      $0x64, %al
    test    $2, %al
    loopnz  .Lkeyboard_busy
    ret

# Zero flag clear: an address 1 MiB higher is another byte of memory.
is_a20_on:
    push    %es
    mov     $0xffff, %ax
    mov     %ax, %es
    mov     $32, %cx
.Lprobe:
    mov     %cx, a20_probe
    cmp     %cx, %es:a20_probe + 16
    loope   .Lprobe
    pop     %es
    ret

# --- the memory map ----------------------------------------------------------------------------------------------
read_memory_map:
    xor     %ebx, %ebx
    mov     $MAP, %di
.Lmap_entry:
    movl    $1, 20(%di)                 # firmware that writes 20 bytes leaves this: the entry counts
    mov     $0xe820, %eax
    mov     $MAP_ENTRY, %ecx
    mov     $0x534d4150, %edx           # "SMAP"
    int     $0x15
    jc      .Lmap_end                   # some firmware says so after the last one
    cmp     $0x534d4150, %eax
    jne     .Lno_map
    testb   $1, 20(%di)
    jz      .Lmap_next
    mov     8(%di), %eax
    or      12(%di), %eax
    jz      .Lmap_next                  # of no length
    movl    $0, 20(%di)
    add     $MAP_ENTRY, %di
    incw    map_count
    cmpw    $MAP_ROOM, map_count
    je      .Lno_map
.Lmap_next:
    test    %ebx, %ebx
    jnz     .Lmap_entry
.Lmap_end:
    cmpw    $0, map_count
    je      .Lno_map
    ret
.Lno_map:
    fail16  no_map

# Looks for the highest place below 4 GiB that is free, holds ebp bytes and is aligned to a page, and keeps it in \place;
# goes to \none where there is none. `narrow_room` of the loader raises eax and lowers edx, the bounds of a free range, to
# what it may use.
.macro find_room place, none
    mov     $MAP, %di
    mov     map_count, %cx
.Lroom:
    cmpl    $1, 16(%di)
    jne     .Lroom_next
    cmpl    $0, 4(%di)
    jne     .Lroom_next
    mov     (%di), %eax
    mov     %eax, %edx
    add     8(%di), %edx
    mov     12(%di), %ebx
    adc     $0, %ebx
    jz      .Lroom_in_reach
    mov     $0xfffff000, %edx           # it goes on past 4 GiB
.Lroom_in_reach:
    narrow_room
    sub     %ebp, %edx
    jb      .Lroom_next
    and     $0xfffff000, %edx
    cmp     %eax, %edx
    jb      .Lroom_next
    cmp     \place, %edx
    jbe     .Lroom_next
    mov     %edx, \place
.Lroom_next:
    add     $MAP_ENTRY, %di
    loop    .Lroom
    cmpl    $0, \place
    je      \none
    ret
.endm
