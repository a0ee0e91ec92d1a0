/* page.h - a self-contained HTML page: headings, text, tables, charts. Works
 * without script or network, prints well, follows the reader's light or dark setting. */
#ifndef TC_REPORT_PAGE_H
#define TC_REPORT_PAGE_H

#include "text/buffer.h"
#include "tradecost/trade.h"

/* Puts text as HTML and XML: & < > " ' are escaped; what is no UTF-8, control
 * characters, and marks that turn the direction of writing become U+FFFD. */
void tc_html_text(tc_buffer *to, tc_text text);

void tc_page_begin(tc_buffer *to, const char *title);
void tc_page_heading(tc_buffer *to, const char *text);
void tc_page_paragraph(tc_buffer *to, const char *text);
/* The figures that matter most, side by side; `remark` may be NULL. */
typedef struct {
    const char *name, *value, *remark;
} tc_page_tile;
void tc_page_tiles(tc_buffer *to, const tc_page_tile *tile, size_t count);
/* Cells row by row, `header` first; columns where every cell is a number align right. */
void tc_page_table(tc_buffer *to, const char *const *header, size_t columns, const tc_text *cells, size_t rows);
/* What chart.h drew, with a caption (or NULL). */
void tc_page_figure(tc_buffer *to, const tc_buffer *svg, const char *caption);
void tc_page_end(tc_buffer *to);

#endif
