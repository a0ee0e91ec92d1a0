#include "tradecost/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define AS_CODE(name, code, family) code,
#define AS_FAMILY(name, code, family) family,
static const char *const codes[] = {TC_STATUSES(AS_CODE)};
static const char *const families[] = {TC_STATUSES(AS_FAMILY)};

const char *tc_status_code(tc_status status)
{
    return (unsigned)status < TC_STATUS_COUNT ? codes[status] : "unknown status";
}

const char *tc_status_family(tc_status status)
{
    return (unsigned)status < TC_STATUS_COUNT ? families[status] : "calculation";
}

tc_status tc_fail(tc_error *error, tc_status status, const char *field, const char *format, ...)
{
    if (!error) return status;
    memset(error, 0, sizeof *error);
    error->status = status;
    snprintf(error->field, sizeof error->field, "%s", field);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}
