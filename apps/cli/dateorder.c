#define _POSIX_C_SOURCE 200809L
#include "dateorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 1 << 18, DATE_SIZE_MAX = 16 };

struct scan {
    int file;
    char window[WINDOW];
    size_t filled;
    size_t column; /* of the date */
    bool headed;   /* the header has been seen */
    char text[DATE_SIZE_MAX];
    size_t text_size;
    tc_date last;
};

/* Cell number `column` of a line; false if it has not that many. */
static bool find_cell(const char *line, const char *end, size_t column, const char **cell, size_t *size)
{
    while (column--) {
        line = memchr(line, ',', (size_t)(end - line));
        if (!line) return false;
        line++;
    }
    const char *comma = memchr(line, ',', (size_t)(end - line));
    *cell = line;
    *size = (size_t)((comma ? comma : end) - line);
    return true;
}

static bool find_date_column(struct scan *s, const char *line, const char *end)
{
    const char *cell;
    size_t size;
    for (s->column = 0; find_cell(line, end, s->column, &cell, &size); s->column++)
        if (size == 4 && !memcmp(cell, "date", 4)) return true;
    return false;
}

static date_order see_line(struct scan *s, const char *line, const char *end)
{
    const char *cell;
    size_t size;
    tc_date date;
    if (!s->headed) {
        s->headed = true;
        return find_date_column(s, line, end) ? DATES_ASCEND : DATES_UNSEEN;
    }
    if (!find_cell(line, end, s->column, &cell, &size)) return DATES_UNSEEN;
    if (size == s->text_size && !memcmp(cell, s->text, size)) return DATES_ASCEND;
    if (size > DATE_SIZE_MAX || tc_date_read(&date, cell, size) != TC_OK) return DATES_UNSEEN;
    memcpy(s->text, cell, size);
    s->text_size = size;
    if (date.day < s->last.day) return DATES_GO_BACK;
    s->last = date;
    return DATES_ASCEND;
}

/* Every whole line of the window; what follows the last line end moves to its beginning. */
static date_order see_window(struct scan *s)
{
    char *line = s->window, *end = s->window + s->filled, *stop;
    while ((stop = memchr(line, '\n', (size_t)(end - line)))) {
        date_order found = see_line(s, line, stop);
        if (found != DATES_ASCEND) return found;
        line = stop + 1;
    }
    s->filled = (size_t)(end - line);
    memmove(s->window, line, s->filled);
    return s->filled == WINDOW ? DATES_UNSEEN : DATES_ASCEND;
}

static date_order see_file(struct scan *s)
{
    for (;;) {
        ssize_t count = read(s->file, s->window + s->filled, WINDOW - s->filled);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return DATES_UNSEEN;
        if (!count) return s->filled ? see_line(s, s->window, s->window + s->filled) : DATES_ASCEND;
        if (memchr(s->window + s->filled, '"', (size_t)count)) return DATES_UNSEEN;
        s->filled += (size_t)count;
        date_order found = see_window(s);
        if (found != DATES_ASCEND) return found;
    }
}

date_order dates_of_plain_csv(const char *path, tc_date *last)
{
    static struct scan s;
    s = (struct scan){.file = open(path, O_RDONLY), .last = *last};
    if (s.file < 0) return DATES_UNSEEN;
    date_order found = see_file(&s);
    close(s.file);
    if (found == DATES_ASCEND) *last = s.last;
    return found;
}
