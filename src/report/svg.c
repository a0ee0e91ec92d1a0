#include "svg.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "page.h"
#include "text/values.h"

const tc_ink tc_inks[TC_INKS] = {
    {"#1d4e89", "#7db4f5", ""},        {"#e07a1f", "#f5a55a", "8 4"},    {"#2a9d8f", "#5fd0c0", "2 3"},
    {"#9b2226", "#f08a8a", "10 3 2 3"}, {"#8d6bb5", "#c6abec", "5 3"},    {"#6b7280", "#b0b7c0", "1 3"},
    {"#c9a227", "#e8cf6a", "12 4"},    {"#1b1f24", "#f0f2f4", "3 2 1 2"},
};

void tc_svg_print(tc_buffer *to, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, list);
    if (size > 0 && tc_buffer_reserve(to, (size_t)size + 1)) {
        vsnprintf(to->data + to->size, (size_t)size + 1, format, again);
        to->size += (size_t)size;
    }
    va_end(again);
    va_end(list);
}

/* Colours stand in the drawing itself, for paper and for viewers without style sheets; only a dark screen overrides them. */
static void put_style(tc_buffer *to)
{
    tc_svg_print(to, "<style>@media screen and (prefers-color-scheme:dark){.tc-chart .paper{fill:#14181d}.tc-chart .ink{fill:#e6e9ed}"
                     ".tc-chart .soft{fill:#9aa4af}.tc-chart .grid{stroke:#2b323b}.tc-chart .axis{stroke:#7d8793}");
    for (int i = 0; i < TC_INKS; i++) tc_svg_print(to, ".tc-chart .k%d{color:%s}", i, tc_inks[i].dark);
    tc_svg_print(to, "}</style>");
}

void tc_svg_begin(tc_buffer *to, double width, double height, const char *title)
{
    tc_svg_print(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tc-chart\" role=\"img\" viewBox=\"0 0 %.0f %.0f\" "
                     "width=\"%.0f\" height=\"%.0f\" font-family=\"system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif\" "
                     "font-size=\"%d\">\n<title>", width, height, width, height, TC_FONT);
    tc_html_text(to, tc_text_of(title ? title : "chart"));
    tc_svg_print(to, "</title>");
    put_style(to);
    tc_svg_print(to, "\n<rect class=\"paper\" width=\"%.0f\" height=\"%.0f\" fill=\"#ffffff\"/>\n", width, height);
    if (!title) return;
    tc_svg_print(to, "<g font-size=\"15\" font-weight=\"600\">");
    tc_svg_text(to, &(tc_svg_place){16, 26, "start", "ink", 0, (unsigned)(width / 8.6)}, tc_text_of(title));
    tc_svg_print(to, "</g>\n");
}

void tc_svg_end(tc_buffer *to)
{
    tc_svg_print(to, "</svg>\n");
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

size_t tc_characters(tc_text text, size_t characters, size_t *bytes)
{
    size_t count = 0;
    *bytes = text.size;
    for (size_t i = 0; i < text.size; i++) {
        if (!begins_character(text.data[i])) continue;
        if (count == characters) *bytes = i;
        count++;
    }
    return count;
}

double tc_svg_width(tc_text text)
{
    size_t bytes;
    return 0.56 * TC_FONT * (double)tc_characters(text, SIZE_MAX, &bytes);
}

static const char *color_of(const char *style)
{
    if (!strcmp(style, "soft")) return "#5d6875";
    return strcmp(style, "white") ? "#1b1f24" : "#ffffff";
}

void tc_svg_text(tc_buffer *to, const tc_svg_place *place, tc_text text)
{
    size_t bytes, count = tc_characters(text, place->characters ? place->characters - 1 : SIZE_MAX, &bytes);
    bool cut = place->characters && count > place->characters;
    tc_svg_print(to, "<text class=\"%s\" fill=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"", place->style, color_of(place->style),
                 place->x, place->y, place->anchor);
    if (place->turn != 0) tc_svg_print(to, " transform=\"rotate(%.0f %.1f %.1f)\"", place->turn, place->x, place->y);
    tc_svg_print(to, ">");
    if (cut) { /* the whole of it shows where a pointer rests */
        tc_svg_print(to, "<title>");
        tc_html_text(to, text);
        tc_svg_print(to, "</title>");
    }
    tc_html_text(to, (tc_text){text.data, cut ? bytes : text.size});
    tc_svg_print(to, "%s</text>\n", cut ? "\xE2\x80\xA6" : "");
}

/* A true minus sign is as wide as a plus, and a nought has none. */
void tc_svg_number(tc_buffer *to, double value)
{
    char text[40];
    double size = fabs(value);
    if (!isfinite(value)) {
        tc_svg_print(to, "%s", isnan(value) ? "?" : value > 0 ? "\xE2\x88\x9E" : "\xE2\x88\x92\xE2\x88\x9E");
        return;
    }
    bool plain = size == 0 || (size >= 1e-4 && size < 1e6);
    int decimals = size >= 100 || size == 0 ? 0 : 2 - (int)floor(log10(size));
    if (plain) snprintf(text, sizeof text, "%.*f", decimals, size);
    else snprintf(text, sizeof text, "%.3g", size);
    if (plain && strchr(text, '.'))
        for (size_t end = strlen(text); text[end - 1] == '0' || text[end - 1] == '.';) {
            bool point = text[end - 1] == '.';
            text[--end] = '\0';
            if (point) break;
        }
    tc_svg_print(to, "%s%s", value < 0 ? "\xE2\x88\x92" : "", text);
}
