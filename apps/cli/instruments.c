#include "io/instruments.h"

#include "cli.h"

static bool open_list(cli *c, const char *path)
{
    tc_error error = {0};
    tc_status status = tc_instruments_open(&c->instruments, &error, path);
    if (status == TC_OK) return true;
    complain_file(c, path, status, &error);
    return false;
}

bool instruments_fill(cli *c, tc_request *request, const tc_instrument **found)
{
    const char *path = c->args.value[OPT_INSTRUMENTS];
    *found = NULL;
    if (!path) return true;
    if (!c->instruments && !open_list(c, path)) return false;
    *found = tc_instruments_fill(c->instruments, request);
    return true;
}
