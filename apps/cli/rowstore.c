#include "rowstore.h"

/* What stands before the texts. */
struct stored {
    uint64_t number;
    uint32_t line, cell_count;
    tc_status status;
    bool order_unknown;
    uint32_t field_size[TC_FIELD_COUNT];
};

static void put_text(tc_buffer *to, tc_text text)
{
    buffer_add(to, text.data, text.size);
}

void row_store(tc_buffer *to, const tc_row *row)
{
    struct stored head = {.number = row->number, .line = row->line, .cell_count = (uint32_t)row->cell_count,
                          .status = row->status, .order_unknown = row->order_unknown};
    for (int f = 0; f < TC_FIELD_COUNT; f++) head.field_size[f] = (uint32_t)row->request.field[f].size;
    buffer_add(to, (const char *)&head, sizeof head);
    for (int f = 0; f < TC_FIELD_COUNT; f++) put_text(to, row->request.field[f]);
    for (size_t i = 0; i < row->cell_count; i++) {
        uint32_t size = (uint32_t)row->cells[i].size;
        buffer_add(to, (const char *)&size, sizeof size);
        put_text(to, row->cells[i]);
    }
    if (row->status != TC_OK) buffer_add(to, (const char *)&row->error, sizeof row->error);
}

static tc_text take_text(const char **at, size_t size)
{
    tc_text text = {*at, size};
    *at += size;
    return text;
}

void row_load(tc_row *row, tc_text **cells, size_t *room, tc_text record)
{
    struct stored head;
    const char *at = record.data;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    memset(row, 0, sizeof *row);
    row->number = head.number;
    row->line = head.line;
    row->status = head.status;
    row->order_unknown = head.order_unknown;
    row->cell_count = head.cell_count;
    for (int f = 0; f < TC_FIELD_COUNT; f++) row->request.field[f] = take_text(&at, head.field_size[f]);
    while (*room < head.cell_count) NEED_ROOM(*cells, *room, *room);
    for (size_t i = 0; i < head.cell_count; i++) {
        uint32_t size;
        memcpy(&size, at, sizeof size);
        at += sizeof size;
        (*cells)[i] = take_text(&at, size);
    }
    row->cells = *cells;
    if (row->status != TC_OK) memcpy(&row->error, at, sizeof row->error);
}
