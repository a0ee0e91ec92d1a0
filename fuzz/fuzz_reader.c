/* Any bytes as a tradebook and as a bill: every row comes or is refused with its number. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/bill.h"
#include "io/reader.h"

static tc_status take_line(void *context, const tc_bill_line *line)
{
    if (line->amount.nanos < 0 || !line->covers) abort();
    *(uint64_t *)context += line->row;
    return TC_OK;
}

static void read_rows(const char *path)
{
    tc_reader *reader;
    tc_row row;
    tc_error error;
    bool end = false;
    uint64_t last = 0;
    size_t columns;
    if (tc_reader_open(&reader, &error, path) != TC_OK) return;
    (void)tc_reader_columns(reader, &columns);
    while (tc_reader_next(reader, &row, &end, &error) == TC_OK && !end) {
        if (row.number < last || row.cell_count != columns) abort();
        if (row.status != TC_OK && (row.error.row != row.number || row.error.status != row.status)) abort();
        for (int i = 0; i < TC_FIELD_COUNT; i++) /* touch it all */
            for (size_t j = 0; j < row.request.field[i].size; j++) last ^= (unsigned char)row.request.field[i].data[j];
        last = row.number;
    }
    tc_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[32];
    uint64_t rows = 0;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_rows(path);
    (void)tc_bill_read(path, take_line, &rows, NULL);
    close(fd);
    return 0;
}
