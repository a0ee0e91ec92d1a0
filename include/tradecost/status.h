/* status.h - what a call can answer, and where it went wrong.
 *
 * Conventions of the whole library: handles come first, then outputs, then
 * inputs; a count follows the array it measures. Pointers are non-NULL unless
 * a comment says otherwise. A failed call leaves its outputs alone unless its
 * comment says otherwise. Nothing here reads a clock, a locale or a file. */
#ifndef TRADECOST_STATUS_H
#define TRADECOST_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* name, code as users see it, family as services report it. */
#define TC_STATUSES(X)                                                    \
    X(TC_OK, "ok", "")                                                    \
    X(TC_NO_TARIFF, "no tariff", "broker_configuration")                  \
    X(TC_IMPOSSIBLE, "impossible trade", "invalid_transaction")           \
    X(TC_BEFORE_COVERAGE, "before coverage", "invalid_transaction")       \
    X(TC_CLASS_NEEDED, "class needed", "invalid_transaction")             \
    X(TC_STATE_NEEDED, "state needed", "invalid_transaction")             \
    X(TC_VALUE_NEEDED, "value needed", "invalid_transaction")             \
    X(TC_BAD_VALUE, "bad value", "invalid_transaction")                   \
    X(TC_BAD_NUMBER, "bad number", "invalid_transaction")                 \
    X(TC_BAD_DATE, "bad date", "invalid_transaction")                     \
    X(TC_UNKNOWN_WORD, "unknown word", "invalid_transaction")             \
    X(TC_UNKNOWN_BROKER, "unknown broker", "broker_configuration")        \
    X(TC_OUT_OF_THE_MONEY, "out of the money", "invalid_transaction")     \
    X(TC_CONTRADICTION, "contradiction", "invalid_transaction")           \
    X(TC_DUPLICATE, "duplicate fill", "invalid_transaction")              \
    X(TC_BAD_ROW, "bad row", "invalid_transaction")                       \
    X(TC_OVERFLOW, "overflow", "calculation")                             \
    X(TC_NO_MEMORY, "no memory", "calculation")                           \
    X(TC_BAD_FORMAT, "bad format", "io")                                  \
    X(TC_LIMIT, "limit exceeded", "security")                             \
    X(TC_BAD_TARIFF, "bad tariff", "broker_configuration")                \
    X(TC_MARKET_MISSING, "market data missing", "market_data")            \
    X(TC_BAD_MARKET, "bad market data", "market_data")                    \
    X(TC_UNAVAILABLE, "provider unavailable", "market_data")              \
    X(TC_UNKNOWN_MODEL, "unknown model", "calculation")                   \
    X(TC_OUT_OF_DOMAIN, "outside the domain", "calculation")              \
    X(TC_NOT_IDENTIFIED, "not identified", "calculation")                 \
    X(TC_NO_SOLUTION, "no solution", "calculation")                       \
    X(TC_LOCKED, "locked", "io")                                          \
    X(TC_IO, "input or output failed", "io")

#define TC_AS_ENUM(name, code, family) name,
typedef enum { TC_STATUSES(TC_AS_ENUM) TC_STATUS_COUNT } tc_status;
#undef TC_AS_ENUM

/* The code beside the status above, and its family: static, never NULL. */
const char *tc_status_code(tc_status status);
const char *tc_status_family(tc_status status);

/* Where and why a call failed. Lent by the caller, owns nothing; every function
 * that takes one accepts NULL. `field` names the offending input (or is ""),
 * `line` and `column` are 1-based places in a file, `row` a 1-based data row;
 * 0 where they mean nothing. `message` never repeats the status code. */
typedef struct {
    tc_status status;
    uint32_t line, column;
    uint64_t row;
    char field[32];
    char message[240];
} tc_error;

#if defined(__GNUC__)
#define TC_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define TC_PRINTF(text, first)
#endif

/* Fills `error` (which may be NULL) and returns `status`, so that callers can
 * write `return tc_fail(error, TC_BAD_VALUE, "price", "must be above 0");`. */
tc_status tc_fail(tc_error *error, tc_status status, const char *field,
                  const char *format, ...) TC_PRINTF(4, 5);

#ifdef __cplusplus
}
#endif
#endif
