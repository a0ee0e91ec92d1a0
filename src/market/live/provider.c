#include "market/provider.h"

#include "market/live/live.h"
#include "module/module.h"
#include "text/values.h"

static const tc_provider *const built_in[] = {&tc_provider_store, &tc_provider_csv, &tc_provider_synthetic, NULL};

/* What every module has to be: of this program's version, with all that this version asks. */
static const tc_provider *from_module(const char *name, tc_error *error)
{
    const tc_provider *found = tc_module_symbol(name, "tc_provider_module", error);
    if (!found || (found->version == TC_PROVIDER_VERSION && found->size >= sizeof *found)) return found;
    tc_fail(error, TC_UNAVAILABLE, "", "the module %s is of version %u, not %d", name, found->version, TC_PROVIDER_VERSION);
    return NULL;
}

const tc_provider *tc_provider_find(const char *name, tc_error *error)
{
    for (size_t i = 0; built_in[i]; i++)
        if (!strcmp(built_in[i]->name, name)) return built_in[i];
    return from_module(name, error);
}

const tc_provider *tc_provider_at(size_t index)
{
    char name[TC_MODULE_NAME_SIZE];
    for (size_t i = 0; built_in[i]; i++)
        if (!index--) return built_in[i];
    for (size_t i = 0; tc_module_at(name, i); i++) {
        const tc_provider *found = from_module(name, NULL);
        if (found && !index--) return found;
    }
    return NULL;
}
