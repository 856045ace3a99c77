/* qr.c - see qr.h */
#include "scheduler/web/qr.h"

#include <glib.h>
#include <qrencode.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(QRcode, QRcode_free)

json_t *
sched_qr_rows(const char *text)
{
    g_autoptr(QRcode) code = NULL;
    json_t *rows;

    if (strlen(text) > SCHED_QR_MAX_BYTES)
        return NULL;
    code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return NULL;
    rows = json_array();
    for (int y = 0; y < code->width; y++) {
        char row[SCHED_QR_MAX_MODULES];

        for (int x = 0; x < code->width; x++)
            row[x] = (code->data[y * code->width + x] & 1) != 0 ? '1' : '0';
        json_array_append_new(rows, json_stringn(row, (gsize) code->width));
    }
    return rows;
}
