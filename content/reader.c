/* reader.c - see reader.h */
#include "content/reader.h"

static const char *
variable(const char *name)
{
    const char *value = g_getenv(name);

    return value == NULL ? "" : value;
}

ContentReader
content_reader_here(void)
{
    const char *const locales[] = {variable("LC_ALL"), variable("LC_MESSAGES"),
                                   variable("LANG"), NULL};

    return content_wording_reader(locales);
}
