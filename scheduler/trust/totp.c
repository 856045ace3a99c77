/* totp.c - see totp.h */
#include "scheduler/trust/totp.h"

#include <string.h>

#define SHA1_BYTES 20

guint32
sched_totp_number(const guint8 *secret, gint64 step)
{
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA1, secret, SCHED_TOTP_SECRET_BYTES);
    guint64 counter = GUINT64_TO_BE((guint64) step);
    guint8 digest[SHA1_BYTES];
    gsize n_digest = sizeof digest, at;

    g_hmac_update(hmac, (const guchar *) &counter, sizeof counter);
    g_hmac_get_digest(hmac, digest, &n_digest);
    at = digest[SHA1_BYTES - 1] & 0xf;
    return ((guint32) digest[at] & 0x7f) << 24 | (guint32) digest[at + 1] << 16 |
           (guint32) digest[at + 2] << 8 | digest[at + 3];
}

/* Six digits with blanks between them, as apps show them: "123 456". */
static gboolean
read_digits(const char *typed, guint32 *out)
{
    guint32 number = 0;
    guint count = 0;

    for (const char *c = typed; *c != '\0'; c++) {
        if (*c == ' ')
            continue;
        if (!g_ascii_isdigit(*c) || ++count > SCHED_TOTP_DIGITS)
            return FALSE;
        number = number * 10 + (guint32) g_ascii_digit_value(*c);
    }
    *out = number;
    return count == SCHED_TOTP_DIGITS;
}

gboolean
sched_totp_looks_like(const char *typed)
{
    guint32 number;

    return read_digits(typed, &number);
}

gint64
sched_totp_match(const guint8 *secret, const char *typed, gint64 now_us, gint64 last_step)
{
    static const gint64 around[] = {0, -1, 1};
    const gint64 now = now_us / (SCHED_TOTP_STEP_S * G_USEC_PER_SEC);
    guint32 number;

    if (!read_digits(typed, &number))
        return 0;
    for (gsize i = 0; i < G_N_ELEMENTS(around); i++) {
        gint64 step = now + around[i];

        if (step > last_step && sched_totp_number(secret, step) % 1000000 == number)
            return step;
    }
    return 0;
}

char *
sched_totp_base32(const guint8 *secret, gboolean grouped)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    GString *out = g_string_new(NULL);

    /* 20 bytes are 32 letters of 5 bits, so there is never a rest to be filled up. */
    for (guint i = 0; i < SCHED_TOTP_SECRET_BYTES * 8 / 5; i++) {
        guint bit = i * 5;
        guint pair = (guint) secret[bit / 8] << 8;

        if (bit / 8 + 1 < SCHED_TOTP_SECRET_BYTES)
            pair |= secret[bit / 8 + 1];
        if (grouped && i > 0 && i % 4 == 0)
            g_string_append_c(out, ' ');
        g_string_append_c(out, letters[pair >> (11 - bit % 8) & 31]);
    }
    return g_string_free(out, FALSE);
}

char *
sched_totp_uri(const guint8 *secret, const char *issuer, const char *login)
{
    g_autofree char *base32 = sched_totp_base32(secret, FALSE);
    g_autofree char *who = g_uri_escape_string(issuer, NULL, FALSE);

    /* A login is made of letters that need no escape; the rest is what apps take for granted,
     * said for those that do not. */
    return g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d"
                           "&period=%d",
                           who, login, base32, who, SCHED_TOTP_DIGITS, SCHED_TOTP_STEP_S);
}
