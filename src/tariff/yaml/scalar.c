#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "tariff/words.h"

bool refuse(struct loader *loader, const struct node *node, const char *hint, const char *format, ...)
{
    tc_error problem;
    va_list arguments;
    va_start(arguments, format);
    memset(&problem, 0, sizeof problem);
    problem.status = TC_BAD_TARIFF;
    problem.line = node->line;
    problem.column = node->column;
    vsnprintf(problem.message, sizeof problem.message, format, arguments);
    va_end(arguments);
    loader->sink->count++;
    if (loader->sink->report) loader->sink->report(loader->sink->context, loader->file, &problem, hint);
    return false;
}

static uint32_t hash_text(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

static bool grow_index(struct loader *loader)
{
    uint32_t slots = loader->text_slots ? loader->text_slots * 2 : 1024;
    uint32_t *index = calloc(slots, sizeof *index);
    if (!index) return false;
    for (uint32_t i = 0; i < loader->text_slots; i++) {
        uint32_t offset = loader->text_index[i];
        if (!offset) continue;
        uint32_t slot = hash_text(book_text(loader->book, offset)) & (slots - 1);
        while (index[slot]) slot = (slot + 1) & (slots - 1);
        index[slot] = offset;
    }
    free(loader->text_index);
    loader->text_index = index;
    loader->text_slots = slots;
    return true;
}

static uint32_t append_text(struct loader *loader, const char *text)
{
    size_t size = strlen(text) + 1;
    tc_book *book = loader->book;
    if (size > UINT32_MAX / 2 - book->strings.count) return loader->no_memory = true, 0;
    uint32_t needed = book->strings.count + (uint32_t)size;
    if (needed > book->strings.capacity && !tc_array_reserve(&book->strings, 1, needed * 2)) return loader->no_memory = true, 0;
    memcpy(book->strings.data + book->strings.count, text, size);
    book->strings.count = needed;
    return needed - (uint32_t)size;
}

uint32_t intern(struct loader *loader, const char *text)
{
    if (!*text) return 0; /* offset 0 is "" in every book */
    if (loader->text_count * 2 >= loader->text_slots && !grow_index(loader)) return loader->no_memory = true, 0;
    uint32_t slot = hash_text(text) & (loader->text_slots - 1);
    for (; loader->text_index[slot]; slot = (slot + 1) & (loader->text_slots - 1))
        if (!strcmp(book_text(loader->book, loader->text_index[slot]), text)) return loader->text_index[slot];
    loader->text_count++;
    return loader->text_index[slot] = append_text(loader, text);
}

bool read_text(struct loader *loader, const struct node *node, const char **text)
{
    if (node->kind != NODE_SCALAR) return refuse(loader, node, "", "expected a text");
    *text = node->text;
    return true;
}

bool read_bool(struct loader *loader, const struct node *node, uint8_t *value)
{
    bool yes = node->kind == NODE_SCALAR && !strcmp(node->text, "true");
    bool no = node->kind == NODE_SCALAR && !strcmp(node->text, "false");
    if (!yes && !no) return refuse(loader, node, "", "expected true or false");
    *value = yes;
    return true;
}

bool read_decimal(struct loader *loader, const struct node *node, unsigned scale, int64_t *units)
{
    if (node->kind != NODE_SCALAR || tc_decimal_parse(units, node->text, strlen(node->text), scale) != TC_OK || *node->text == '+')
        return refuse(loader, node, "write digits with a point, as 0.25", "bad number: %s", node->text);
    if (*units < 0) return refuse(loader, node, "charges and rates are never negative", "negative number: %s", node->text);
    return true;
}

bool read_day(struct loader *loader, const struct node *node, int32_t *day)
{
    tc_date date;
    if (node->kind != NODE_SCALAR || tc_date_parse(&date, node->text, strlen(node->text)) != TC_OK)
        return refuse(loader, node, "write yyyy-mm-dd", "bad date: %s", node->text);
    *day = date.day;
    return true;
}

/* `0.03%`, `0.0003`, `12.49%/365`. */
bool read_rate(struct loader *loader, const struct node *node, int64_t *picos, int32_t *divisor)
{
    static const char hint[] = "write 0.03%, 0.0003 or 12.49%/365";
    if (node->kind != NODE_SCALAR) return refuse(loader, node, hint, "bad rate");
    const char *text = node->text, *slash = strchr(text, '/');
    size_t size = slash ? (size_t)(slash - text) : strlen(text);
    bool percent = size && text[size - 1] == '%';
    int64_t days = 1;
    if (*text == '-') return refuse(loader, node, "charges and rates are never negative", "negative rate: %s", text);
    if (tc_decimal_parse(picos, text, size - percent, percent ? 10 : 12) != TC_OK)
        return refuse(loader, node, hint, "bad rate: %s", text);
    if (slash && (tc_decimal_parse(&days, slash + 1, strlen(slash + 1), 0) != TC_OK || days < 1 || days > 1000000))
        return refuse(loader, node, hint, "bad rate: %s", text);
    *divisor = (int32_t)days;
    return true;
}

bool read_word(struct loader *loader, const struct node *node, const char *(*name)(unsigned), unsigned *word)
{
    char known[200] = "one of";
    if (node->kind != NODE_SCALAR) return refuse(loader, node, "", "expected a word");
    for (unsigned i = 0; *name(i); i++) {
        if (!strcmp(node->text, name(i))) {
            *word = i;
            return true;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, " %s", name(i));
    }
    return refuse(loader, node, known, "unknown word: %s", node->text);
}

static bool is_among(const char *words, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = words; size && (at = strstr(at, word)); at++)
        if ((at == words || at[-1] == ' ') && (at[size] == ' ' || !at[size])) return true;
    return false;
}

bool check_keys(struct loader *loader, const struct node *mapping, const char *keys)
{
    if (mapping->kind != NODE_MAPPING) return refuse(loader, mapping, "", "expected keys and values");
    bool fine = true;
    for (const struct item *item = mapping->first; item; item = item->next) {
        if (is_among(keys, item->key->text)) continue;
        char hint[220];
        snprintf(hint, sizeof hint, "known here: %s", keys);
        fine = refuse(loader, item->key, hint, "unknown key: %s", item->key->text);
    }
    return fine;
}

/* Index of a name in a list of string offsets, added if new; 0 stands for none. */
static uint8_t own_word(struct loader *loader, const struct node *node, void *list, const char *name)
{
    TC_ARRAY(uint32_t) *names = list;
    uint32_t text = intern(loader, name);
    if (!names->count && !tc_array_push(names, sizeof *names->data)) return loader->no_memory = true, 0;
    for (uint32_t i = 1; i < names->count; i++)
        if (names->data[i] == text) return (uint8_t)i;
    if (names->count > UINT8_MAX) return refuse(loader, node, "at most 255", "too many words of this selector"), 0;
    uint32_t *slot = tc_array_push(names, sizeof *slot);
    if (!slot) return loader->no_memory = true, 0;
    *slot = text;
    return (uint8_t)(names->count - 1);
}

uint8_t series_number(struct loader *loader, const struct node *node, const char *name)
{
    return own_word(loader, node, &loader->book->series_names, name);
}

uint8_t underlying_number(struct loader *loader, const struct node *node, const char *name)
{
    return own_word(loader, node, &loader->book->underlying_names, name);
}
