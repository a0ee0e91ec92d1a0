/* ask NAME[=WHERE]: opens a provider once and asks it for each line EXCHANGE SYMBOL of standard input: a line of answer each,
 * at once, so that a test can see what becomes of one connection. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "market/provider.h"
#include "text/values.h"

static void answer(tc_status status, const tc_error *error, const tc_market *market)
{
    if (status) {
        printf("%s: %s\n", tc_status_code(status), error->message);
        return;
    }
    printf("ok time=%" PRId64 " levels=%d/%d flags=%" PRIu32, market->time, market->bid_levels, market->ask_levels, market->flags);
    for (int i = 0; i < TC_M_COUNT; i++)
        if (tc_is_known(market->value[i])) printf(" %s=%.10g", tc_market_name((tc_market_field)i), market->value[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    char name[64], exchange[32], symbol[64];
    void *handle;
    tc_error error = {0};
    const char *equals = argc == 2 ? strchr(argv[1], '=') : NULL;
    if (argc != 2) return 2;
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    snprintf(name, sizeof name, "%.*s", equals ? (int)(equals - argv[1]) : 63, argv[1]);
    const tc_provider *provider = tc_provider_find(name, &error);
    tc_status status = provider ? provider->open(&handle, &error, equals ? equals + 1 : NULL) : error.status;
    answer(status, &error, &(tc_market){.time = 0});
    if (status) return 1;
    while (scanf("%31s %63s", exchange, symbol) == 2) {
        tc_market market;
        const tc_security which = {tc_text_of(exchange), tc_text_of(symbol), {0}, {0}};
        status = provider->market(handle, &market, &error, &which, TC_NOW);
        answer(status, &error, &market);
    }
    provider->close(handle);
    return 0;
}
