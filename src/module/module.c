#include "module/module.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "tradecost-"
#define SUFFIX ".so"
enum { PATH_SIZE = 4096 };

static bool is_name(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return size && size < TC_MODULE_NAME_SIZE && !name[size];
}

/* The folder that the program lies in, without its last slash; false: the system does not tell. */
static bool program_folder(char folder[PATH_SIZE])
{
    ssize_t size = readlink("/proc/self/exe", folder, PATH_SIZE - 1);
    if (size <= 0) return false;
    folder[size] = '\0';
    char *slash = strrchr(folder, '/');
    if (!slash) return false;
    *slash = '\0';
    return true;
}

/* Where modules may lie, the first place first; false beyond the end or where a path is too long. */
static bool place_at(char place[PATH_SIZE], size_t index)
{
    static const char *const below[] = {"", "/../" TC_MODULES_BELOW};
    char program[PATH_SIZE];
    int size;
    if (index < 2) size = program_folder(program) ? snprintf(place, PATH_SIZE, "%s%s", program, below[index]) : 0;
    else if (index == 2) size = snprintf(place, PATH_SIZE, "%s", TC_MODULES);
    else return false;
    if (size <= 0 || size >= PATH_SIZE) *place = '\0';
    return true;
}

/* NULL with an empty `why`: no place has it. */
static void *load(const char *name, char *why, size_t why_size)
{
    char place[PATH_SIZE], path[PATH_SIZE + 64];
    *why = '\0';
    for (size_t i = 0; place_at(place, i); i++) {
        snprintf(path, sizeof path, "%s/" PREFIX "%s" SUFFIX, place, name);
        if (!*place || access(path, F_OK)) continue;
        void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (!module) snprintf(why, why_size, "%s", dlerror());
        return module;
    }
    return NULL;
}

const void *tc_module_symbol(const char *name, const char *symbol, tc_error *error)
{
    char why[200];
    if (!is_name(name)) {
        tc_fail(error, TC_UNKNOWN_WORD, "", "\"%.40s\" cannot be the name of a module", name);
        return NULL;
    }
    void *module = load(name, why, sizeof why); /* the system counts, and loads only once */
    if (!module) {
        if (*why) tc_fail(error, TC_UNAVAILABLE, "", "%s", why);
        else tc_fail(error, TC_UNKNOWN_WORD, "", "there is no module " PREFIX "%s" SUFFIX, name);
        return NULL;
    }
    const void *found = dlsym(module, symbol);
    if (!found) tc_fail(error, TC_UNAVAILABLE, "", PREFIX "%s" SUFFIX " has no %s", name, symbol);
    return found;
}

/* The NAME of tradecost-NAME.so; false: the file is no module. */
static bool name_of(char name[TC_MODULE_NAME_SIZE], const char *file)
{
    size_t size = strlen(file), around = strlen(PREFIX) + strlen(SUFFIX);
    if (size <= around || size - around >= TC_MODULE_NAME_SIZE || strncmp(file, PREFIX, strlen(PREFIX))) return false;
    if (strcmp(file + size - strlen(SUFFIX), SUFFIX)) return false;
    memcpy(name, file + strlen(PREFIX), size - around);
    name[size - around] = '\0';
    return is_name(name);
}

/* The least name behind `last` in one place, where it is less than what `name` holds ("": nothing yet). */
static void find_next(char name[TC_MODULE_NAME_SIZE], const char *place, const char *last)
{
    char other[TC_MODULE_NAME_SIZE];
    DIR *folder = *place ? opendir(place) : NULL;
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!name_of(other, entry->d_name) || strcmp(other, last) <= 0) continue;
        if (!*name || strcmp(other, name) < 0) memcpy(name, other, sizeof other);
    }
    closedir(folder);
}

bool tc_module_at(char name[TC_MODULE_NAME_SIZE], size_t index)
{
    char place[PATH_SIZE], last[TC_MODULE_NAME_SIZE] = "";
    for (;; index--) {
        *name = '\0';
        for (size_t i = 0; place_at(place, i); i++) find_next(name, place, last);
        if (!*name || !index) return *name;
        memcpy(last, name, sizeof last);
    }
}
