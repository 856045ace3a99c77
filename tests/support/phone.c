/* phone.c - see phone.h */
#include "tests/support/phone.h"

#include "scheduler/trust/totp.h"

#include <string.h>

static void
read_base32(const char *text, guint8 *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    guint bits = 0, n_bits = 0;
    gsize n_bytes = 0;

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == ' ')
            continue;
        bits = bits << 5 | (guint) (strchr(letters, *c) - letters);
        n_bits += 5;
        if (n_bits >= 8) {
            n_bits -= 8;
            out[n_bytes++] = (guint8) (bits >> n_bits);
        }
    }
    g_assert_cmpuint(n_bytes, ==, SCHED_TOTP_SECRET_BYTES);
}

char *
test_phone_code(const char *secret, gint64 at_us)
{
    guint8 bytes[SCHED_TOTP_SECRET_BYTES];

    read_base32(secret, bytes);
    return g_strdup_printf(
        "%06u",
        sched_totp_number(bytes, at_us / (SCHED_TOTP_STEP_S * G_USEC_PER_SEC)) % 1000000);
}
