#include <math.h>

#include "output.h"

/* The length of the well-formed UTF-8 character at `at`, or 0. */
static size_t character_size(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char mask, lead, size;
    } forms[] = {{0xE0, 0xC0, 2}, {0xF0, 0xE0, 3}, {0xF8, 0xF0, 4}};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        size_t size = forms[f].size;
        if ((at[0] & forms[f].mask) != forms[f].lead || left < size) continue;
        unsigned long code = at[0] & (unsigned char)~forms[f].mask;
        for (size_t i = 1; i < size; i++) {
            if ((at[i] & 0xC0) != 0x80) return 0;
            code = code << 6 | (at[i] & 0x3F);
        }
        static const unsigned long least[] = {0x80, 0x800, 0x10000};
        bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        return code < least[f] || surrogate || code > 0x10FFFF ? 0 : size;
    }
    return 0;
}

static void escape(tc_buffer *to, unsigned char c)
{
    if (c == '"' || c == '\\') {
        buffer_char(to, '\\');
        buffer_char(to, (char)c);
    } else {
        buffer_print(to, "\\u%04x", c);
    }
}

/* Bytes that are no UTF-8 become U+FFFD: a reader of JSON may refuse anything else. */
static size_t put_wide(tc_buffer *to, const unsigned char *at, size_t left)
{
    size_t size = character_size(at, left);
    if (size) buffer_add(to, (const char *)at, size);
    else buffer_string(to, "\xEF\xBF\xBD");
    return size ? size : 1;
}

void json_text_value(tc_buffer *to, tc_text text)
{
    const unsigned char *at = (const unsigned char *)text.data;
    buffer_char(to, '"');
    for (size_t i = 0; i < text.size;) {
        size_t plain = i;
        while (plain < text.size && at[plain] >= ' ' && at[plain] < 0x80 && at[plain] != '"' && at[plain] != '\\')
            plain++;
        buffer_add(to, text.data + i, plain - i);
        i = plain;
        if (i == text.size) break;
        if (at[i] >= 0x80) i += put_wide(to, at + i, text.size - i);
        else escape(to, at[i++]);
    }
    buffer_char(to, '"');
}

static void new_line(json *j)
{
    if (!j->indent) return;
    buffer_char(j->to, '\n');
    for (unsigned i = 0; i < j->depth; i++) buffer_string(j->to, "  ");
}

static void next_value(json *j, const char *key)
{
    if (j->depth) {
        if (!j->empty) buffer_char(j->to, ',');
        new_line(j);
    }
    j->empty = false;
    if (!key) return;
    json_text_value(j->to, tc_text_of(key));
    buffer_string(j->to, j->indent ? ": " : ":");
}

void json_open(json *j, const char *key, char bracket)
{
    next_value(j, key);
    buffer_char(j->to, bracket);
    j->empty = true;
    j->depth++;
}

void json_close(json *j, char bracket)
{
    j->depth--;
    if (!j->empty) new_line(j);
    j->empty = false;
    buffer_char(j->to, bracket);
    if (!j->depth) buffer_char(j->to, '\n');
}

void json_text(json *j, const char *key, tc_text text)
{
    next_value(j, key);
    json_text_value(j->to, text);
}

void json_string(json *j, const char *key, const char *string)
{
    json_text(j, key, tc_text_of(string));
}

void json_real(json *j, const char *key, double value)
{
    char text[NUMBER_SIZE];
    next_value(j, key);
    if (isfinite(value)) buffer_add(j->to, text, number_real(text, value));
    else buffer_string(j->to, "null");
}

void json_count(json *j, const char *key, uint64_t count)
{
    next_value(j, key);
    buffer_print(j->to, "%llu", (unsigned long long)count);
}

void json_bool(json *j, const char *key, bool value)
{
    next_value(j, key);
    buffer_string(j->to, value ? "true" : "false");
}

void json_null(json *j, const char *key)
{
    next_value(j, key);
    buffer_string(j->to, "null");
}
