#include "page.h"

#include <ctype.h>

#include "svg.h"
#include "text/values.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* The size of the UTF-8 character that begins here, 0 if none does; *code is its number. */
static size_t read_character(const unsigned char *at, size_t left, unsigned long *code)
{
    static const struct {
        unsigned char mask, lead, size;
        unsigned long least;
    } forms[] = {{0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if ((at[0] & forms[f].mask) != forms[f].lead || left < forms[f].size) continue;
        *code = at[0] & (unsigned char)~forms[f].mask;
        for (size_t i = 1; i < forms[f].size; i++) {
            if ((at[i] & 0xC0) != 0x80) return 0;
            *code = *code << 6 | (at[i] & 0x3F);
        }
        return *code < forms[f].least ? 0 : forms[f].size;
    }
    return 0;
}

/* XML knows no control characters and no halves of pairs; marks that turn the
 * direction of writing could make one name look like another. */
static bool is_allowed(unsigned long code)
{
    if (code < ' ') return code == '\t' || code == '\n' || code == '\r';
    if (code >= 0x7F && code < 0xA0) return false;
    if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF || (code & 0xFFFE) == 0xFFFE) return false;
    return !((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069));
}

static const char *entity_of(unsigned char byte)
{
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void tc_html_text(tc_buffer *to, tc_text text)
{
    const unsigned char *at = (const unsigned char *)text.data;
    for (size_t left = text.size; left;) {
        unsigned long code;
        const char *entity = entity_of(*at);
        size_t size = read_character(at, left, &code);
        if (entity) tc_buffer_put(to, entity, strlen(entity));
        else if (size && is_allowed(code)) tc_buffer_put(to, (const char *)at, size);
        else tc_buffer_put(to, REPLACEMENT, strlen(REPLACEMENT));
        if (!size) size = 1;
        at += size;
        left -= size;
    }
}

static void put(tc_buffer *to, const char *markup)
{
    tc_buffer_put(to, markup, strlen(markup));
}

static void put_escaped(tc_buffer *to, const char *text)
{
    tc_html_text(to, tc_text_of(text));
}

/* Light by default and in print; dark where a screen asks for it. */
static const char style[] =
    ":root{color-scheme:light;--paper:#fff;--ink:#1b1f24;--soft:#5d6875;--line:#dfe4e9;--tint:#f5f7f9;--mark:#1d4e89}\n"
    "@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#14181d;--ink:#e6e9ed;--soft:#9aa4af;--line:#2b323b;"
    "--tint:#1b2027;--mark:#7db4f5}}\n"
    "body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:54rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}\n"
    "h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 1.5rem;padding-bottom:.9rem;border-bottom:3px solid var(--mark)}\n"
    "h2{font-size:1.25rem;margin:2.6rem 0 .7rem}\n"
    "p{max-width:46rem;margin:.7rem 0}\n"
    ".table{overflow-x:auto;margin:1rem 0 1.6rem}\n"
    "table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums;min-width:50%}\n"
    "th,td{padding:.4rem 1.1rem .4rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}\n"
    "th{color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);white-space:nowrap}\n"
    "td.n,th.n{text-align:right;white-space:nowrap}\n"
    ".tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:1.2rem 0 1.8rem;padding:0;list-style:none}\n"
    ".tiles li{flex:1 1 9rem;background:var(--tint);border-left:3px solid var(--mark);padding:.75rem 1rem}\n"
    ".tiles b{display:block;font-size:1.45rem;line-height:1.25;font-variant-numeric:tabular-nums}\n"
    ".tiles span{display:block;color:var(--soft);font-size:.85rem}\n"
    "figure{margin:1.4rem 0 2rem}figure svg{width:100%;height:auto;display:block}\n"
    "figcaption{color:var(--soft);font-size:.875rem;margin-top:.3rem;max-width:46rem}\n"
    "@media print{body{padding:0;max-width:none;font-size:10.5pt}h2{break-after:avoid}figure,.tiles,tr{break-inside:avoid}"
    "thead{display:table-header-group}.table{overflow:visible}@page{margin:16mm}}\n";

void tc_page_begin(tc_buffer *to, const char *title)
{
    put(to, "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>");
    put_escaped(to, title);
    put(to, "</title>\n<style>\n");
    put(to, style);
    put(to, "</style>\n</head>\n<body>\n<h1>");
    put_escaped(to, title);
    put(to, "</h1>\n");
}

void tc_page_heading(tc_buffer *to, const char *text)
{
    put(to, "<h2>");
    put_escaped(to, text);
    put(to, "</h2>\n");
}

void tc_page_paragraph(tc_buffer *to, const char *text)
{
    put(to, "<p>");
    put_escaped(to, text);
    put(to, "</p>\n");
}

void tc_page_tiles(tc_buffer *to, const tc_page_tile *tile, size_t count)
{
    put(to, "<ul class=\"tiles\">\n");
    for (size_t i = 0; i < count; i++) {
        put(to, "<li><span>");
        put_escaped(to, tile[i].name);
        put(to, "</span><b>");
        put_escaped(to, tile[i].value);
        put(to, "</b><span>");
        if (tile[i].remark) put_escaped(to, tile[i].remark);
        put(to, "</span></li>\n");
    }
    put(to, "</ul>\n");
}

/* Digits with a sign, separators, a point, an exponent or a per cent sign. */
static bool is_number(tc_text cell)
{
    bool digits = false;
    for (size_t i = 0; i < cell.size; i++) {
        if (isdigit((unsigned char)cell.data[i])) digits = true;
        else if (!strchr("+-.,%eE ", cell.data[i]) || !cell.data[i]) return false;
    }
    return digits && !strchr("eE", cell.data[0]);
}

/* Empty cells say nothing of their column; a column of nothing else is text. */
static bool is_numeric_column(const tc_text *cells, size_t columns, size_t rows, size_t column)
{
    bool any = false;
    for (size_t i = 0; i < rows; i++) {
        tc_text cell = tc_trim(cells[i * columns + column]);
        if (!cell.size || tc_text_is(cell, "-") || tc_text_is(cell, "?")) continue;
        if (!is_number(cell)) return false;
        any = true;
    }
    return any;
}

static void put_cell(tc_buffer *to, const char *tag, bool numeric, tc_text text)
{
    put(to, "<");
    put(to, tag);
    put(to, numeric ? " class=\"n\">" : ">");
    tc_html_text(to, text);
    put(to, "</");
    put(to, tag);
    put(to, ">");
}

void tc_page_table(tc_buffer *to, const char *const *header, size_t columns, const tc_text *cells, size_t rows)
{
    enum { LOOKED_AT = 64 }; /* columns beyond stand left */
    bool numeric[LOOKED_AT];
    for (size_t i = 0; i < columns && i < LOOKED_AT; i++) numeric[i] = is_numeric_column(cells, columns, rows, i);
    put(to, "<div class=\"table\"><table>\n<thead><tr>");
    for (size_t i = 0; i < columns; i++) put_cell(to, "th", i < LOOKED_AT && numeric[i], tc_text_of(header[i]));
    put(to, "</tr></thead>\n<tbody>\n");
    for (size_t row = 0; row < rows; row++) {
        put(to, "<tr>");
        for (size_t i = 0; i < columns; i++) put_cell(to, "td", i < LOOKED_AT && numeric[i], cells[row * columns + i]);
        put(to, "</tr>\n");
    }
    put(to, "</tbody>\n</table></div>\n");
}

void tc_page_figure(tc_buffer *to, const tc_buffer *svg, const char *caption)
{
    if (svg->failed) to->failed = true;
    put(to, "<figure>\n");
    tc_buffer_put(to, svg->data, svg->size);
    if (caption) {
        put(to, "<figcaption>");
        put_escaped(to, caption);
        put(to, "</figcaption>");
    }
    put(to, "</figure>\n");
}

void tc_page_end(tc_buffer *to)
{
    put(to, "</body>\n</html>\n");
}
