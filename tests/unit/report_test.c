/* Charts and pages: ticks against hand-made ones, hostile texts and numbers, and
 * everything parsed as XML. `report_test FILE` writes all of it to a page to look at. */
#include "test.h"

#include <expat.h>
#include <math.h>

#include "report/axis.h"
#include "report/chart.h"
#include "report/page.h"
#include "report/svg.h"

static tc_axis axis_of(double low, double high, bool log, unsigned wanted, bool whole)
{
    tc_axis axis;
    tc_range range = tc_range_of(log);
    tc_range_add(&range, low);
    tc_range_add(&range, high);
    tc_axis_fit(&axis, &range, wanted, whole);
    return axis;
}

/* The labels with a space between, and the unit behind. */
static const char *labels_of(const tc_axis *axis)
{
    static char text[1000];
    tc_buffer labels = {0};
    for (size_t i = 0; i < axis->ticks; i++) {
        if (i) tc_buffer_put_byte(&labels, ' ');
        tc_axis_label(&labels, axis, axis->tick[i]);
    }
    if (axis->exponent) tc_buffer_put_byte(&labels, ' ');
    tc_axis_unit(&labels, axis);
    snprintf(text, sizeof text, "%.*s", (int)labels.size, labels.data ? labels.data : "");
    tc_buffer_free(&labels);
    return text;
}

static void ticks_are_round(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        bool log;
        unsigned wanted;
        bool whole;
        const char *labels;
    } cases[] = {
        {0, 10, false, 5, true, "0 2 4 6 8 10"},
        {0.3, 9.1, false, 5, true, "0 2 4 6 8 10"},
        {0.3, 9.1, false, 5, false, "2 4 6 8"},
        {0, 5, false, 8, false, "0 1 2 3 4 5"},
        {0, 1, false, 4, true, "0.00 0.25 0.50 0.75 1.00"},
        {-3, 7, false, 5, true, "−4 −2 0 2 4 6 8"},
        {0, 0.3, false, 3, true, "0.0 0.1 0.2 0.3"},
        {0, 150000, false, 3, true, "0 50000 100000 150000"},
        {0, 4e7, false, 4, true, "0 10 20 30 40 ×10⁶"},
        {0, 4e-7, false, 4, true, "0 100 200 300 400 ×10⁻⁹"},
        {5, 5, false, 4, true, "4.50 4.75 5.00 5.25 5.50"},
        {0, 0, false, 2, true, "−1 0 1"},
        {0.001, 1000, true, 8, false, "0.001 0.01 0.1 1 10 100 1000"},
        {1, 60, true, 8, false, "1 2 5 10 20 50"},
        {2, 4, true, 4, false, "2.0 2.5 3.0 3.5 4.0"},
        {1e-9, 1e-3, true, 4, false, "10⁻⁸ 10⁻⁶ 0.0001"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_axis axis = axis_of(cases[i].low, cases[i].high, cases[i].log, cases[i].wanted, cases[i].whole);
        assert_string_equal(labels_of(&axis), cases[i].labels);
    }
}

/* Whatever the range: a few ticks, rising, inside, and places between 0 and 1. */
static void ticks_survive_every_range(void **state)
{
    (void)state;
    static const double ends[] = {-INFINITY, -1.7e308, -1e300, -1e9, -1, -1e-300, -5e-324, 0, 5e-324, 1e-300, 1e-9, 1,
                                  1 + 2.3e-16, 1e9, 1e9 + 1e-6, 1e300, 1.7e308, INFINITY, NAN};
    for (size_t i = 0; i < COUNT(ends); i++)
        for (size_t j = 0; j < COUNT(ends); j++)
            for (int options = 0; options < 4; options++) {
                tc_axis axis = axis_of(ends[i], ends[j], options & 1, 6, options & 2);
                assert_true(isfinite(axis.low) && isfinite(axis.high) && axis.low < axis.high);
                assert_in_range(axis.ticks, axis.log ? 0 : 1, TC_TICKS_MAX - 1);
                for (size_t t = 0; t < axis.ticks; t++) {
                    double place = tc_axis_place(&axis, axis.tick[t]);
                    assert_true(place >= 0 && place <= 1);
                    if (t) assert_true(axis.tick[t] > axis.tick[t - 1]);
                }
                assert_true(strlen(labels_of(&axis)) < 400);
            }
}

static void texts_are_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
    } cases[] = {
        {"M&M <b>\"'", "M&amp;M &lt;b&gt;&quot;&#39;"},
        {"</svg><script>alert(1)</script>", "&lt;/svg&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\xE2\x82\xB9 5", "\xE2\x82\xB9 5"},
        {"a\x01z\x7F", "a\xEF\xBF\xBDz\xEF\xBF\xBD"},
        {"\xFF\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD"},                     /* half of a pair */
        {"\xEF\xBF\xBF", "\xEF\xBF\xBD"},                     /* no character */
        {"A\xE2\x80\xAE" "B", "A\xEF\xBF\xBD" "B"},           /* right-to-left override */
        {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},             /* cut short */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_buffer html = {0};
        tc_html_text(&html, text_of(cases[i].text));
        tc_buffer_put_byte(&html, '\0');
        assert_string_equal(html.data, cases[i].html);
        tc_buffer_free(&html);
    }
}

static void numbers_are_short(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"}, {1, "1"}, {-2.5, "−2.5"}, {0.012345, "0.0123"}, {123456, "123456"}, {1234.4, "1234"},
                 {1.999, "2"}, {-0.0, "0"}, {1e-300, "1e-300"}, {INFINITY, "∞"}, {-INFINITY, "−∞"}, {NAN, "?"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        tc_buffer text = {0};
        tc_svg_number(&text, cases[i].value);
        tc_buffer_put_byte(&text, '\0');
        assert_string_equal(text.data, cases[i].text);
        tc_buffer_free(&text);
    }
}

/* The gallery: each chart as a client would see it. */

enum { MANY = 3000 };

static double normal(uint64_t *state)
{
    double u = (double)(next_random(state) >> 11) / 9007199254740992.0, v = (double)(next_random(state) >> 11) / 9007199254740992.0;
    return sqrt(-2 * log(u + 1e-18)) * cos(6.283185307179586 * v);
}

static void add_figure(tc_buffer *page, tc_buffer *svg, const char *caption)
{
    tc_page_figure(page, svg, caption);
    svg->size = 0;
}

static void add_lines(tc_buffer *page, tc_buffer *svg)
{
    double x[61], front[61], back[61], steps[61];
    for (int i = 0; i <= 60; i++) {
        x[i] = i / 60.0 * 5;
        front[i] = i >= 20 && i < 26 ? NAN : 1e6 * exp(-x[i] * 0.6);
        back[i] = 1e6 * (1 - x[i] / 5);
        steps[i] = 1e6 * (1 - floor(x[i]) / 5);
    }
    const tc_chart_series series[] = {{"risk averse (kappa 0.6)", TC_CHART_LINE, x, front, 61, NULL, NULL},
                                      {"straight line", TC_CHART_LINE, x, back, 61, NULL, NULL},
                                      {"as orders: freeze quantity and lots", TC_CHART_STEP, x, steps, 61, NULL, NULL}};
    tc_chart_draw(svg, &(tc_chart){.title = "Holdings while an order of 10,00,000 shares is worked", .x_label = "trading days",
                                   .y_label = "shares left", .series = series, .series_count = 3});
    add_figure(page, svg, "A line is interrupted where a value is not known.");
}

static void add_scatter(tc_buffer *page, tc_buffer *svg, uint64_t *random)
{
    static double x[MANY], y[MANY], fit_x[50], fit[50];
    for (int i = 0; i < MANY; i++) x[i] = pow(10, -4 + 4 * (double)i / MANY), y[i] = 40 * pow(x[i], 0.5) * exp(0.5 * normal(random));
    for (int i = 0; i < 50; i++) fit_x[i] = pow(10, -4 + 4 * i / 49.0), fit[i] = 40 * pow(fit_x[i], 0.5);
    const tc_chart_series series[] = {{"orders", TC_CHART_POINTS, x, y, MANY, NULL, NULL}, {"fit: 40 (Q/V)^0.5", TC_CHART_LINE, fit_x, fit, 50, NULL, NULL}};
    tc_chart_draw(svg, &(tc_chart){.title = "Cost against size", .x_label = "order / ADV", .y_label = "cost, bps", .series = series,
                                   .series_count = 2, .x_log = true, .y_log = true});
    add_figure(page, svg, "Both axes logarithmic.");
}

static void add_bars(tc_buffer *page, tc_buffer *svg)
{
    static const char *const names[] = {"09:15", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00"};
    double x[7], expected[7], realised[7], low[7], high[7];
    for (int i = 0; i < 7; i++) {
        x[i] = i;
        expected[i] = 6 - 1.2 * i + 0.25 * i * i;
        realised[i] = i == 3 ? -1.2 : expected[i] * (0.8 + 0.07 * i);
        low[i] = expected[i] - 1.1, high[i] = expected[i] + 1.1;
    }
    const tc_chart_series series[] = {{"expected", TC_CHART_BARS, x, expected, 7, low, high}, {"realised", TC_CHART_BARS, x, realised, 7, NULL, NULL}};
    tc_chart_draw(svg, &(tc_chart){.title = "Cost by time of day", .x_label = "from (IST)", .y_label = "bps", .series = series, .series_count = 2,
                                   .x_names = names, .x_name_count = 7});
    add_figure(page, svg, "Whiskers: plus and minus one standard error.");
}

static void add_shapes(tc_buffer *page, tc_buffer *svg, uint64_t *random)
{
    static const char *const steps[] = {"delay", "spread", "impact", "timing", "opportunity", "brokerage", "STT", "exchange", "GST", "stamp"};
    static const double costs[] = {1.2, 2.5, 4.1, -1.8, 0.9, 0.4, 2.5, 0.3, 0.13, NAN};
    static const char *const rows[] = {"RELIANCE", "HDFCBANK", "M&M", "<script>alert(1)</script>", "NIFTY 26APR 24500 CE LONG NAME"};
    static const char *const columns[] = {"09:15", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00"};
    static double drawn[MANY], cells[35], positive[35];
    for (int i = 0; i < MANY; i++) drawn[i] = 3 + 4 * normal(random) + (i % 500 == 0 ? 90 : 0);
    for (int i = 0; i < 35; i++) cells[i] = i == 11 ? NAN : 3 * normal(random), positive[i] = fabs(cells[i]) * 1000;
    tc_chart_histogram(svg, "Distribution of cost", "bps", drawn, MANY);
    add_figure(page, svg, NULL);
    tc_chart_waterfall(svg, "Where the money went", "bps of the decision price", steps, costs, COUNT(costs));
    add_figure(page, svg, "Orange adds, green gives back; what is unknown is not taken for nothing.");
    tc_chart_heat_map(svg, "Cost by symbol and hour", rows, 5, columns, 7, cells);
    add_figure(page, svg, "bps; blank where nothing was traded.");
    tc_chart_heat_map(svg, "Turnover by symbol and hour", rows, 5, columns, 7, positive);
    add_figure(page, svg, NULL);
}

static void build_gallery(tc_buffer *page)
{
    static const char *const header[] = {"symbol", "side", "quantity", "cost, bps", "remark"};
    static const char *const cells[] = {"RELIANCE", "buy", "12,500", "4.25", "", "M&M", "sell", "900", "-1.50", "<i>hostile</i>",
                                        ("\xE2\x80\xAE" "evil"), "buy", "10", "", "no quote before the order"};
    static const tc_page_tile tiles[] = {{"Total cost", "11.2 bps", "Rs 4,12,530 on Rs 36.8 crore"}, {"Statutory", "3.3 bps", "STT 2.5"},
                                         {"Implicit", "7.9 bps", "standard error 1.1"}, {"Orders", "1,284", "12 never filled"}};
    tc_text texts[COUNT(cells)];
    tc_buffer svg = {0};
    uint64_t random = 7;
    for (size_t i = 0; i < COUNT(cells); i++) texts[i] = text_of(cells[i]);
    tc_page_begin(page, "Trade cost analysis <2026-04> & more");
    tc_page_paragraph(page, "Everything that a report may hold, with texts that would rather be markup: </p><script>alert('x')</script>.");
    tc_page_tiles(page, tiles, COUNT(tiles));
    tc_page_heading(page, "Orders & \"fills\"");
    tc_page_table(page, header, COUNT(header), texts, 3);
    add_lines(page, &svg);
    add_scatter(page, &svg, &random);
    add_bars(page, &svg);
    add_shapes(page, &svg, &random);
    tc_page_end(page);
    tc_buffer_free(&svg);
}

static void count_element(void *elements, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    if (!strcmp(name, "script")) fail_msg("a script got in");
    ++*(size_t *)elements;
}

/* The number of elements; fails unless it is well-formed. */
static size_t parse(const tc_buffer *xml)
{
    size_t elements = 0;
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, &elements);
    XML_SetStartElementHandler(parser, count_element);
    assert_false(xml->failed);
    if (XML_Parse(parser, xml->data, (int)xml->size, 1) != XML_STATUS_OK)
        fail_msg("%s at line %lu", XML_ErrorString(XML_GetErrorCode(parser)), (unsigned long)XML_GetCurrentLineNumber(parser));
    XML_ParserFree(parser);
    return elements;
}

static void a_page_is_well_formed(void **state)
{
    (void)state;
    tc_buffer page = {0};
    build_gallery(&page);
    assert_true(parse(&page) > 500);
    tc_buffer_put_byte(&page, '\0');
    assert_null(strstr(page.data, "nan"));
    assert_null(strstr(page.data, "inf\""));
    assert_null(strstr(page.data, "src="));
    assert_null(strstr(page.data, "href="));
    assert_non_null(strstr(page.data, "<td class=\"n\">12,500</td>"));
    assert_non_null(strstr(page.data, "<td>RELIANCE</td>"));
    tc_buffer_free(&page);
}

/* Charts of every numbers that doubles have, of none, and of too many. */
static void charts_survive_every_number(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 1e-300, 5e-324, 0, -0.0, 1, 2};
    static const char *const names[] = {"", "a", "\xFF<", "b", "c", "d", "e", "f", "g", "h", "i"};
    tc_buffer svg = {0};
    for (int mark = TC_CHART_LINE; mark <= TC_CHART_BARS; mark++)
        for (size_t count = 0; count <= COUNT(odd); count++)
            for (int options = 0; options < 8; options++) {
                tc_chart_series series = {"<&>", (tc_chart_mark)mark, odd, odd, count, odd, odd};
                tc_chart chart = {.title = options & 4 ? NULL : "t", .series = &series, .series_count = 1, .x_log = options & 1, .y_log = options & 2};
                if (options & 4) chart.x_names = names, chart.x_name_count = count, chart.width = 90, chart.height = 30;
                svg.size = 0;
                tc_chart_draw(&svg, &chart);
                parse(&svg);
                tc_buffer_put_byte(&svg, '\0');
                assert_null(strstr(svg.data, "nan"));
                assert_null(strstr(svg.data, "\"inf"));
            }
    for (size_t count = 0; count <= COUNT(odd); count++) {
        svg.size = 0;
        tc_chart_histogram(&svg, "h", NULL, odd, count);
        parse(&svg), svg.size = 0;
        tc_chart_waterfall(&svg, NULL, NULL, names, odd, count);
        parse(&svg), svg.size = 0;
        tc_chart_heat_map(&svg, NULL, names, count, names, 1, odd);
        parse(&svg);
        tc_buffer_put_byte(&svg, '\0');
        assert_null(strstr(svg.data, "nan"));
    }
    tc_buffer_free(&svg);
}

/* A million points are no more than a picture of them. */
static void many_points_stay_small(void **state)
{
    (void)state;
    enum { COUNT_OF_ALL = 1000000 };
    double *x = malloc(COUNT_OF_ALL * sizeof *x), *y = malloc(COUNT_OF_ALL * sizeof *y);
    uint64_t random = 3;
    for (int i = 0; i < COUNT_OF_ALL; i++) x[i] = i, y[i] = normal(&random);
    for (int mark = TC_CHART_LINE; mark <= TC_CHART_POINTS; mark++) {
        tc_buffer svg = {0};
        tc_chart_series series = {NULL, (tc_chart_mark)mark, x, y, COUNT_OF_ALL, NULL, NULL};
        tc_chart_draw(&svg, &(tc_chart){.series = &series, .series_count = 1});
        assert_in_range(svg.size, 1000, 20000000);
        tc_buffer_free(&svg);
    }
    free(x);
    free(y);
}

int main(int argc, char **argv)
{
    if (argc == 2) {
        tc_buffer page = {0};
        FILE *file = fopen(argv[1], "w");
        build_gallery(&page);
        bool written = file && fwrite(page.data, 1, page.size, file) == page.size && fclose(file) == 0;
        tc_buffer_free(&page);
        return !written;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_are_round),       cmocka_unit_test(ticks_survive_every_range),
        cmocka_unit_test(texts_are_escaped),     cmocka_unit_test(numbers_are_short),
        cmocka_unit_test(a_page_is_well_formed), cmocka_unit_test(charts_survive_every_number),
        cmocka_unit_test(many_points_stay_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
