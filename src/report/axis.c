#include "axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "svg.h"

tc_range tc_range_of(bool log)
{
    return (tc_range){INFINITY, -INFINITY, log};
}

bool tc_range_takes(const tc_range *range, double value)
{
    return isfinite(value) && (!range->log || value > 0);
}

void tc_range_add(tc_range *range, double value)
{
    if (!tc_range_takes(range, value)) return;
    value = fmin(fmax(value, range->log ? 1 / TC_AXIS_LIMIT : -TC_AXIS_LIMIT), TC_AXIS_LIMIT);
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

bool tc_range_is_empty(const tc_range *range)
{
    return range->low > range->high;
}

/* One value, or a few that differ in their last digits, still want an axis with ticks that can be told apart. */
static void widen(tc_axis *axis)
{
    double size = fmax(fabs(axis->low), fabs(axis->high));
    double middle = axis->low / 2 + axis->high / 2;
    double half = axis->low == axis->high ? size / 10 : size * 5e-7;
    if (size < 1e-290) middle = 0, half = 1;
    if (axis->high - axis->low >= 2 * half) return;
    axis->low = middle - half;
    axis->high = middle + half;
}

/* mantissa x 10^power, rounded once. */
static double scaled(double mantissa, int power)
{
    return power < 0 ? mantissa / pow(10, -power) : mantissa * pow(10, power);
}

/* Where labels would be long strings of noughts, they share a power of a thousand. */
static int shared_exponent(const tc_axis *axis)
{
    double size = fmax(fabs(axis->low), fabs(axis->high));
    if (size < 1e6 && size >= 1e-3) return 0;
    return 3 * (int)floor(log10(size) / 3);
}

static void linear_ticks(tc_axis *axis, unsigned wanted, bool whole)
{
    static const double mantissas[] = {1, 2, 2.5, 5, 10};
    double raw = (axis->high - axis->low) / wanted;
    int power = (int)floor(log10(raw)), m = 0;
    while (m < 4 && raw > scaled(mantissas[m], power) * (1 + 1e-9)) m++;
    if (m == 4) m = 0, power++;
    double step = scaled(mantissas[m], power);
    double first = ceil(axis->low / step - 1e-9), last = floor(axis->high / step + 1e-9);
    if (whole) {
        first = floor(axis->low / step + 1e-9);
        last = ceil(axis->high / step - 1e-9);
    }
    axis->ticks = 0;
    for (double i = first; i <= last && axis->ticks < TC_TICKS_MAX; i++) axis->tick[axis->ticks++] = scaled(i * mantissas[m], power);
    if (whole) {
        axis->low = fmin(axis->low, scaled(first * mantissas[m], power));
        axis->high = fmax(axis->high, scaled(last * mantissas[m], power));
    }
    axis->exponent = shared_exponent(axis);
    int decimals = axis->exponent - power + (m == 2);
    axis->decimals = (unsigned)(decimals < 0 ? 0 : decimals > 12 ? 12 : decimals);
}

static void add_within(tc_axis *axis, double value)
{
    if (value >= axis->low * (1 - 1e-9) && value <= axis->high * (1 + 1e-9) && axis->ticks < TC_TICKS_MAX)
        axis->tick[axis->ticks++] = value;
}

/* Powers of ten where there are several, with 2 and 5 between them where there are few, else plain ticks. */
static void log_ticks(tc_axis *axis, unsigned wanted)
{
    double first = floor(log10(axis->low)), last = ceil(log10(axis->high)), decades = log10(axis->high) - log10(axis->low);
    if (decades < 1) {
        linear_ticks(axis, wanted, false);
        return;
    }
    axis->decades = decades > 2.5;
    int stride = axis->decades ? (int)ceil(decades / wanted) : 1;
    for (int power = (int)first; power <= (int)last; power++) {
        if (power % stride) continue;
        add_within(axis, scaled(1, power));
        if (axis->decades) continue;
        add_within(axis, scaled(2, power));
        add_within(axis, scaled(5, power));
    }
}

void tc_axis_fit(tc_axis *axis, const tc_range *range, unsigned wanted, bool whole)
{
    *axis = (tc_axis){.low = range->low, .high = range->high, .log = range->log};
    if (tc_range_is_empty(range)) axis->low = axis->log ? 1 : 0, axis->high = axis->log ? 10 : 1;
    if (!axis->log) {
        widen(axis);
        linear_ticks(axis, wanted, whole);
        return;
    }
    if (log10(axis->high) - log10(axis->low) < 1e-3) axis->low /= 1.5, axis->high *= 1.5;
    log_ticks(axis, wanted);
}

double tc_axis_place(const tc_axis *axis, double value)
{
    double low = axis->low, high = axis->high;
    if (axis->log) low = log(low), high = log(high), value = log(value);
    return fmin(fmax((value - low) / (high - low), 0), 1);
}

static void put_superscript(tc_buffer *to, int power)
{
    static const char *const digits[] = {"\xE2\x81\xB0", "\xC2\xB9", "\xC2\xB2", "\xC2\xB3", "\xE2\x81\xB4",
                                         "\xE2\x81\xB5", "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8", "\xE2\x81\xB9"};
    char text[16];
    snprintf(text, sizeof text, "%d", abs(power));
    tc_svg_print(to, "10%s", power < 0 ? "\xE2\x81\xBB" : "");
    for (const char *c = text; *c; c++) tc_svg_print(to, "%s", digits[*c - '0']);
}

static void log_label(tc_buffer *to, double value)
{
    int power = (int)floor(log10(value) + 1e-9);
    if (power >= -4 && power < 6) {
        tc_svg_print(to, "%.*f", power < 0 ? -power : 0, value);
        return;
    }
    int mantissa = (int)lround(value / pow(10, power));
    if (mantissa != 1) tc_svg_print(to, "%d\xC3\x97", mantissa);
    put_superscript(to, power);
}

void tc_axis_label(tc_buffer *to, const tc_axis *axis, double value)
{
    bool plain = !axis->log || (log10(axis->high) - log10(axis->low) < 1);
    if (!plain) {
        log_label(to, value);
        return;
    }
    char text[64];
    snprintf(text, sizeof text, "%.*f", (int)axis->decimals, scaled(fabs(value), -axis->exponent));
    bool nought = !text[strspn(text, "0.")];
    tc_svg_print(to, "%s%s", value < 0 && !nought ? "\xE2\x88\x92" : "", text);
}

void tc_axis_unit(tc_buffer *to, const tc_axis *axis)
{
    if (!axis->exponent) return;
    tc_svg_print(to, "\xC3\x97");
    put_superscript(to, axis->exponent);
}
