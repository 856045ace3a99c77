/* reader.c - see reader.h */
#include "content/reader.h"

ContentReader
content_reader_here(void)
{
    ContentReader reader = CONTENT_READER_VI;

    content_wording_reader(g_getenv(CONTENT_READER_VARIABLE), &reader);
    return reader;
}
