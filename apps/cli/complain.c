#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "progress.h"

void raise_status(cli *c, int status)
{
    if (status > c->status) c->status = status;
}

static void say(const char *text, va_list list)
{
    vfprintf(stderr, text, list);
    fputc('\n', stderr);
}

void complain(cli *c, int status, const char *text, ...)
{
    raise_status(c, status);
    progress_clear();
    fprintf(stderr, "tradecost%s%s: ", c->command ? " " : "", c->command ? c->command->name : "");
    va_list list;
    va_start(list, text);
    say(text, list);
    va_end(list);
}

void complain_at(cli *c, int status, const char *file, uint64_t line, const char *text, ...)
{
    raise_status(c, status);
    progress_clear();
    if (line) fprintf(stderr, "%s:%llu: ", file, (unsigned long long)line);
    else fprintf(stderr, "%s: ", file);
    va_list list;
    va_start(list, text);
    say(text, list);
    va_end(list);
}

void complain_file(cli *c, const char *file, tc_status status, const tc_error *error)
{
    /* What the system says of a file comes with its name; code and line say nothing more. */
    size_t size = strlen(file);
    bool named = status == TC_IO && !strncmp(error->message, file, size) && error->message[size] == ':';
    if (named) complain_at(c, exit_status_of(status), file, 0, "%s", error->message + size + 2);
    else complain_at(c, exit_status_of(status), file, error->line, "%s: %s", tc_status_code(status), error->message);
}

/* The message of a field mostly begins with its name, which the option says already. */
static const char *message_behind_field(const tc_error *error)
{
    size_t size = strlen(error->field);
    if (!size || strncmp(error->message, error->field, size)) return error->message;
    if (error->message[size] == ' ') return error->message + size + 1;
    return strncmp(error->message + size, ": ", 2) ? error->message : error->message + size + 2;
}

void complain_error(cli *c, int status, const tc_error *error, const char *like)
{
    const char *code = tc_status_code(error->status), *message = error->message;
    int field = tc_field_find(tc_text_of(error->field));
    tc_buffer text = {0};
    if (field >= 0 && (c->command->fields & FIELD_BIT(field))) {
        buffer_print(&text, "--%s: ", field_option((tc_field)field));
        message = message_behind_field(error);
    }
    buffer_print(&text, "%s%s%s", code, *message ? ": " : "", message);
    if (like) buffer_print(&text, "; did you mean %s?", like);
    complain(c, status, "%.*s", (int)text.size, text.data);
    tc_buffer_free(&text);
}

void remark(const cli *c, const char *text, ...)
{
    if (c->quiet) return;
    progress_clear();
    va_list list;
    va_start(list, text);
    fputs("tradecost: ", stderr);
    say(text, list);
    va_end(list);
}

void quit(int status)
{
    output_abandon();
    exit(status);
}

void die(int status, const char *text, ...)
{
    progress_clear();
    va_list list;
    va_start(list, text);
    fputs("tradecost: ", stderr);
    say(text, list);
    va_end(list);
    quit(status);
}

/* Words, numbers and dates that cannot be read are the command line's fault; an
 * order that can be read and has no price is a result of its own. */
int exit_status_of(tc_status status)
{
    switch (status) {
    case TC_OK:
        return EXIT_DONE;
    case TC_BAD_NUMBER:
    case TC_BAD_DATE:
    case TC_UNKNOWN_WORD:
    case TC_UNKNOWN_BROKER:
    case TC_UNKNOWN_MODEL:
        return EXIT_USAGE;
    case TC_BAD_TARIFF:
        return EXIT_TARIFF;
    case TC_IO:
    case TC_BAD_FORMAT:
    case TC_LIMIT:
    case TC_LOCKED:
    case TC_UNAVAILABLE:
    case TC_NO_MEMORY:
        return EXIT_FAILED;
    default:
        return EXIT_NO_RESULT;
    }
}

static char lower(char c)
{
    if (c == '_') return '-';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

enum { WORD_MAX = 40 };

/* Letters to insert, delete, change or swap to make one word of the other. */
static unsigned distance(tc_text a, tc_text b)
{
    unsigned rows[3][WORD_MAX + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    for (unsigned j = 0; j <= b.size; j++) last[j] = before[j] = j;
    for (unsigned i = 1; i <= a.size; i++) {
        row[0] = i;
        for (unsigned j = 1; j <= b.size; j++) {
            char x = lower(a.data[i - 1]), y = lower(b.data[j - 1]);
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b.data[j - 2]) && y == lower(a.data[i - 2]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        unsigned *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b.size];
}

const char *nearest(tc_text word, const char *(*candidate)(const void *context, size_t index),
                    const void *context)
{
    static char best_word[WORD_MAX + 1];
    if (!word.size || word.size > WORD_MAX) return NULL;
    unsigned best = (unsigned)(word.size + 2) / 3 + 1;
    bool found = false;
    for (size_t i = 0;; i++) {
        const char *other = candidate(context, i);
        if (!other) break;
        tc_text text = tc_text_of(other);
        if (text.size > WORD_MAX) continue;
        unsigned far = distance(word, text);
        if (far >= best) continue;
        best = far;
        found = true;
        memcpy(best_word, other, text.size + 1);
    }
    return found ? best_word : NULL;
}

/* Word number `index` of a space-separated list. */
static const char *listed_word(const void *words, size_t index)
{
    static char word[WORD_MAX + 1];
    const char *at = words;
    for (;; index--) {
        at += strspn(at, " ");
        size_t size = strcspn(at, " ");
        if (!size || size > WORD_MAX) return NULL;
        if (!index) {
            memcpy(word, at, size);
            word[size] = '\0';
            return word;
        }
        at += size;
    }
}

const char *nearest_word(tc_text word, const char *words)
{
    return nearest(word, listed_word, words);
}

bool word_in(tc_text word, const char *words)
{
    const char *other;
    for (size_t i = 0; (other = listed_word(words, i)); i++)
        if (tc_text_is(word, other)) return true;
    return false;
}
