/* Any bytes as an answer of Kite: read or refused, and what is read has a name that ends. */
#include <stdlib.h>
#include <string.h>

#include "market/remote/kite_json.c" /* of a module, hence of no library */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *body = (const char *)bytes;
    char said[64];
    tc_market market;
    tc_error error = {0};
    uint32_t token;
    tc_status status = kite_read_quote(&market, &error, body, size, "NSE:INFY");
    if (status != TC_OK && status != TC_BAD_FORMAT && status != TC_MARKET_MISSING) abort();
    if (status ? !*error.message : !memchr(market.source, 0, sizeof market.source)) abort();
    if (!status) tc_market_check(&market, &error); /* what is read may still be nonsense */
    if (kite_read_token(&token, NULL, body, size, "NSE:INFY") == TC_OK && !token) abort();
    kite_read_error(said, sizeof said, body, size);
    if (!memchr(said, 0, sizeof said)) abort();
    kite_read_message(said, sizeof said, body, size);
    if (!memchr(said, 0, sizeof said)) abort();
    return 0;
}
