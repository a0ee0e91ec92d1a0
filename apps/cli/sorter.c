#define _POSIX_C_SOURCE 200809L
#include "sorter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"

/* Where a record lies in `bytes`; small enough to be sorted in its stead. */
struct entry {
    sort_key key;
    size_t at, size;
};

/* A sorted stretch of the file, read through a window. */
struct run {
    off_t next, end;
    char *window;
    size_t at, filled, room;
    sort_key key; /* of the record at the window's beginning */
    size_t size;
};

struct sorter {
    size_t memory_max;
    tc_buffer bytes;
    struct entry *entries;
    size_t count, room, next;
    bool reading;
    int file;
    off_t file_size;
    struct run *runs;
    size_t run_count, run_room;
    struct run **heap; /* the run with the least key first */
    size_t heap_size;
    bool lent;         /* heap[0]'s record is the caller's until the next call */
};

struct header {
    sort_key key;
    size_t size;
};

int temporary_file(void)
{
    const char *directory = getenv("TMPDIR");
    char path[4096];
    if (!directory || !*directory) directory = "/tmp";
    int size = snprintf(path, sizeof path, "%s/tradecost.XXXXXX", directory);
    int file = size > 0 && (size_t)size < sizeof path ? mkstemp(path) : -1;
    if (file < 0) die(EXIT_FAILED, "%s: temporary file: %s", directory, strerror(errno));
    unlink(path);
    return file;
}

sorter *sorter_new(size_t memory_max)
{
    sorter *s = need_memory(NULL, 1, sizeof *s);
    *s = (sorter){.memory_max = memory_max, .file = -1};
    return s;
}

void sorter_free(sorter *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->run_count; i++) free(s->runs[i].window);
    if (s->file >= 0) close(s->file);
    tc_buffer_free(&s->bytes);
    free(s->entries);
    free(s->runs);
    free(s->heap);
    free(s);
}

static int compare_keys(sort_key a, sort_key b)
{
    if (a.major != b.major) return a.major < b.major ? -1 : 1;
    return a.minor < b.minor ? -1 : a.minor > b.minor;
}

static int compare_entries(const void *a, const void *b)
{
    return compare_keys(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

void temporary_write(int file, const char *data, size_t size)
{
    while (size) {
        ssize_t count = write(file, data, size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) die(EXIT_FAILED, "temporary file: %s", strerror(errno));
        data += count;
        size -= (size_t)count;
    }
}

static void write_entry(sorter *s, tc_buffer *out, const struct entry *e)
{
    enum { WRITE_SIZE = 1 << 20 };
    struct header header = {e->key, e->size};
    buffer_add(out, (const char *)&header, sizeof header);
    buffer_add(out, s->bytes.data + e->at, e->size);
    if (out->size < WRITE_SIZE) return;
    temporary_write(s->file, out->data, out->size);
    s->file_size += (off_t)out->size;
    out->size = 0;
}

static void spill(sorter *s)
{
    tc_buffer out = {0};
    if (s->file < 0) s->file = temporary_file();
    NEED_ROOM(s->runs, s->run_count, s->run_room);
    struct run *run = &s->runs[s->run_count++];
    *run = (struct run){.next = s->file_size};
    qsort(s->entries, s->count, sizeof *s->entries, compare_entries);
    for (size_t i = 0; i < s->count; i++) write_entry(s, &out, &s->entries[i]);
    temporary_write(s->file, out.data, out.size);
    s->file_size += (off_t)out.size;
    run->end = s->file_size;
    tc_buffer_free(&out);
    s->bytes.size = 0;
    s->count = 0;
}

void sorter_add(sorter *s, sort_key key, tc_text record)
{
    if (s->count && s->bytes.size + record.size + s->count * sizeof *s->entries > s->memory_max) spill(s);
    NEED_ROOM(s->entries, s->count, s->room);
    s->entries[s->count++] = (struct entry){key, s->bytes.size, record.size};
    buffer_add(&s->bytes, record.data, record.size);
}

/* Brings `size` bytes of the run into its window; false at its end. */
static bool fill_window(const sorter *s, struct run *run, size_t size)
{
    if (run->filled - run->at >= size) return true;
    memmove(run->window, run->window + run->at, run->filled - run->at);
    run->filled -= run->at;
    run->at = 0;
    if (run->room < size) {
        run->window = need_memory(run->window, size, 1);
        run->room = size;
    }
    while (run->filled < size && run->next < run->end) {
        size_t wanted = run->room - run->filled;
        if ((off_t)wanted > run->end - run->next) wanted = (size_t)(run->end - run->next);
        ssize_t count = pread(s->file, run->window + run->filled, wanted, run->next);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) die(EXIT_FAILED, "temporary file: %s", count ? strerror(errno) : "cut short");
        run->filled += (size_t)count;
        run->next += count;
    }
    return run->filled >= size;
}

static bool load_record(const sorter *s, struct run *run)
{
    struct header header;
    if (!fill_window(s, run, sizeof header)) return false;
    memcpy(&header, run->window + run->at, sizeof header);
    run->key = header.key;
    run->size = header.size;
    return fill_window(s, run, sizeof header + header.size);
}

static void sift_down(sorter *s, size_t i)
{
    for (;;) {
        size_t least = i, left = 2 * i + 1;
        for (size_t child = left; child < left + 2 && child < s->heap_size; child++)
            if (compare_keys(s->heap[child]->key, s->heap[least]->key) < 0) least = child;
        if (least == i) return;
        struct run *swap = s->heap[i];
        s->heap[i] = s->heap[least];
        s->heap[least] = swap;
        i = least;
    }
}

/* The memory that sorting needed is shared out as windows. */
static void begin_merge(sorter *s)
{
    enum { WINDOW_MIN = 8192 };
    if (s->count) spill(s);
    tc_buffer_free(&s->bytes);
    size_t window = s->memory_max / s->run_count;
    if (window < WINDOW_MIN) window = WINDOW_MIN;
    s->heap = need_memory(NULL, s->run_count, sizeof *s->heap);
    for (size_t i = 0; i < s->run_count; i++) {
        s->runs[i].window = need_memory(NULL, window, 1);
        s->runs[i].room = window;
        if (load_record(s, &s->runs[i])) s->heap[s->heap_size++] = &s->runs[i];
    }
    for (size_t i = s->heap_size; i-- > 0;) sift_down(s, i);
}

static bool next_in_memory(sorter *s, tc_text *record)
{
    if (s->next == s->count) return false;
    const struct entry *e = &s->entries[s->next++];
    *record = (tc_text){s->bytes.data + e->at, e->size};
    return true;
}

bool sorter_next(sorter *s, tc_text *record)
{
    if (!s->reading) {
        s->reading = true;
        if (s->run_count) begin_merge(s);
        else if (s->count) qsort(s->entries, s->count, sizeof *s->entries, compare_entries);
    }
    if (!s->run_count) return next_in_memory(s, record);
    if (s->lent) {
        struct run *run = s->heap[0];
        run->at += sizeof(struct header) + run->size;
        if (!load_record(s, run)) s->heap[0] = s->heap[--s->heap_size];
        sift_down(s, 0);
    }
    s->lent = s->heap_size > 0;
    if (!s->lent) return false;
    *record = (tc_text){s->heap[0]->window + s->heap[0]->at + sizeof(struct header), s->heap[0]->size};
    return true;
}
